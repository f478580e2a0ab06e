"""GStreamer's RTSP server with the frames of a vehicle's cameras as H.264, for tests:
rtsp_server.py PORT FOLDER RATE plays each folder in FOLDER at the path of its name."""

import pathlib
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
port, folder, rate = sys.argv[1:]
server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(port)
for camera in sorted(pathlib.Path(folder).iterdir()):
    last = len(list(camera.glob("*.jpg")))
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(
        f'( multifilesrc location="{camera}/%04d.jpg" start-index=1 stop-index={last} loop=true '
        f"caps=image/jpeg,framerate={rate}/1 ! jpegdec ! videoconvert ! "
        "video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=veryfast "
        f"pass=qual quantizer=18 key-int-max={rate} ! rtph264pay name=pay0 pt=96 )"
    )
    factory.set_shared(True)
    server.get_mount_points().add_factory(f"/{camera.name}", factory)
if server.attach(None) == 0:
    sys.exit("the port is taken")
print("ready", flush=True)
GLib.MainLoop().run()
