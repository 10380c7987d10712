/** JSX of React 19: the tag, its properties and its events are typed by one import. */

import type {} from 'mini-chat/react';

export const chat = (
  <mini-chat
    room="lobby"
    server="https://chat.example.org"
    readonly
    getToken={() => Promise.resolve('token')}
    onmini-chat-send={({ detail }) => detail.text.length}
  />
);

// @ts-expect-error: a room is a string.
export const wrong = <mini-chat room={5} />;
