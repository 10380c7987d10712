import type {} from 'mini-chat/react';

const heard: number[] = [];

export const all = [
  <mini-chat room="lobby" mode="launcher" readonly className="wide" key={1} />,
  <mini-chat getToken={() => Promise.resolve('a token')} />,
  <mini-chat onmini-chat-unread={({ detail }) => heard.push(detail.count)} />,
  <mini-chat onClick={({ clientX }) => heard.push(clientX)} />,
  <mini-chat title="wrong" room={5} />,
  <mini-chat title="wrong" mode="corner" />,
  <mini-chat title="wrong" rooom="lobby" />,
  <mini-chat title="wrong" getToken={() => 'a token'} />,
  <mini-chat title="wrong" onmini-chat-unread={({ detail }) => heard.push(detail.text)} />,
];
