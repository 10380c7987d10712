import 'mini-chat';
import type {} from 'mini-chat/react';
import { useState } from 'react';
import { getToken } from './token';

const server = import.meta.env.VITE_CHAT_SERVER;

export function Chat({ room }: { room: string }) {
  const [unread, setUnread] = useState(0);
  const [latest, setLatest] = useState('');
  return (
    <section>
      <p>
        {unread} unread. {latest}
      </p>
      <mini-chat
        server={server}
        room={room}
        getToken={getToken}
        onmini-chat-unread={({ detail }) => setUnread(detail.count)}
        onmini-chat-message={({ detail }) => setLatest(detail.message.body.text)}
      />
    </section>
  );
}
