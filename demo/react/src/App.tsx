import { useState } from 'react';
import { Chat } from './Chat';

export function App() {
  const [room, setRoom] = useState('lobby');
  const [isShown, setShown] = useState(true);
  return (
    <main>
      <label>
        Room{' '}
        <select value={room} onChange={(event) => setRoom(event.target.value)}>
          <option>lobby</option>
          <option>help</option>
        </select>
      </label>{' '}
      <label>
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.target.checked)}
        />{' '}
        Chat
      </label>
      {isShown && <Chat room={room} />}
    </main>
  );
}
