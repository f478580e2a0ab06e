"""GStreamer's RTSP server with live test pictures, for tests: rtsp_server.py PORT [login].

It has /h264, /h265, /jpeg, /vp8; with "login" it wants lane:s3cret by digest."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
SOURCE = (
    "( videotestsrc is-live=true pattern=smpte motion=sweep ! "
    "video/x-raw,format=I420,width=640,height=360,framerate=15/1 ! "
)
PIPELINES = {
    "/h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96 )",
    "/h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph265pay name=pay0 pt=96 )",
    "/jpeg": "jpegenc ! rtpjpegpay name=pay0 pt=26 )",
    "/vp8": "vp8enc deadline=1 ! rtpvp8pay name=pay0 pt=96 )",
}

server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
login = sys.argv[2:] == ["login"]
if login:
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "lane")
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest("lane", "s3cret", token)
    server.set_auth(auth)
ROLE = "lane, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
for path, pipeline in PIPELINES.items():
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(SOURCE + pipeline)
    factory.set_shared(True)
    if login:
        factory.add_role_from_structure(Gst.Structure.new_from_string(ROLE))
    server.get_mount_points().add_factory(path, factory)
if server.attach(None) == 0:
    sys.exit("the port is taken")
print("ready", flush=True)
GLib.MainLoop().run()
