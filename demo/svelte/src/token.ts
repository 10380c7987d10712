/** Of a module, not of a component: the same function after an unmount is the same user. */
export async function getToken(): Promise<string> {
  return (await fetch('/chat-token')).text();
}
