"""Leads from a port to a socket in the file system: a PgBouncer that is somebody else may not open it itself.

python -m tests.running.layout.doors PORT SOCKET
"""

import asyncio
import sys
from contextlib import suppress


async def main(port, socket):
    async def guest(reader, writer):
        with suppress(OSError):
            inner_reader, inner_writer = await asyncio.open_unix_connection(socket)
            await asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))
        writer.close()

    server = await asyncio.start_server(guest, "127.0.0.1", int(port))
    await server.serve_forever()


async def carry(reader, writer):
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
