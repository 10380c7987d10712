"""Tornado's WebSocket chat demo (demos/websocket/chatdemo.py), cut to what a message costs.

Kept as in the demo: the id, the HTML through a template, the cache of 200, json per member.
"""

import asyncio
import uuid

import tornado.httpserver
import tornado.netutil
import tornado.template
import tornado.web
import tornado.websocket

TEMPLATE = tornado.template.Template(
    '<div class="message" id="m{{ message["id"] }}">{{ message["body"] }}</div>\n'
)


class ChatSocketHandler(tornado.websocket.WebSocketHandler):
    waiters = set()
    cache = []
    cache_size = 200

    def open(self):
        # Not in the demo; without it Nagle's algorithm makes it wait for the load client's kernel.
        self.set_nodelay(True)
        ChatSocketHandler.waiters.add(self)

    def on_close(self):
        ChatSocketHandler.waiters.discard(self)

    @classmethod
    def update_cache(cls, chat):
        cls.cache.append(chat)
        if len(cls.cache) > cls.cache_size:
            cls.cache = cls.cache[-cls.cache_size :]

    @classmethod
    def send_updates(cls, chat):
        for waiter in cls.waiters:
            try:
                waiter.write_message(chat)
            except tornado.websocket.WebSocketClosedError:
                pass  # It leaves by on_close; the demo logs it.

    def on_message(self, message):
        parsed = tornado.escape.json_decode(message)
        if "join" in parsed:
            self.write_message('{"joined":true}')
            return
        chat = {"id": str(uuid.uuid4()), "body": parsed["body"]}
        chat["html"] = tornado.escape.to_basestring(TEMPLATE.generate(message=chat))
        ChatSocketHandler.update_cache(chat)
        ChatSocketHandler.send_updates(chat)


async def main():
    application = tornado.web.Application([(r"/chatsocket", ChatSocketHandler)])
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server = tornado.httpserver.HTTPServer(application)
    server.add_sockets(sockets)
    print("listening http://127.0.0.1:%d" % sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
