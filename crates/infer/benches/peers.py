"""Runs the peers of benches/peers.rs: onnxruntime and OpenCV, one line of JSON in,
one line of JSON out. Needs: pip install onnxruntime opencv-python-headless numpy"""

import json
import os
import sys
import time

import cv2
import numpy as np
import onnxruntime

os.environ["OPENCV_LOG_LEVEL"] = "ERROR"


def onnx_session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def prepare(job):
    """A function without arguments that runs the job once, and gives its outputs."""
    channels, height, width = job["shape"]
    planes = np.fromfile(job["input"], np.float32).reshape(1, channels, height, width)
    threads = job["threads"]
    cv2.setNumThreads(threads)
    if job["peer"] == "onnxruntime":
        session = onnx_session(job["model"], threads)
        name = session.get_inputs()[0].name
        return lambda: session.run(None, {name: planes})
    picture = np.ascontiguousarray(planes[0].transpose(1, 2, 0)).astype(np.uint8)
    if job["kind"] == "detector":
        detector = cv2.FaceDetectorYN.create(job["model"], "", (width, height))
        return lambda: detector.detect(picture)
    recogniser = cv2.FaceRecognizerSF.create(job["model"], "")
    return lambda: [recogniser.feature(picture)]


jobs = {}
print(
    json.dumps({"onnxruntime": onnxruntime.__version__, "opencv": cv2.__version__}),
    flush=True,
)
for line in sys.stdin:
    job = json.loads(line)
    if job["do"] == "prepare":
        jobs[job["id"]] = prepare(job)
        outputs = jobs[job["id"]]()
        if job["peer"] == "onnxruntime":
            np.concatenate([o.ravel() for o in outputs]).tofile(job["output"])
        answer = {}
    else:
        run = jobs[job["id"]]
        started = time.thread_time()
        run()
        answer = {"ms": (time.thread_time() - started) * 1e3}
    print(json.dumps(answer), flush=True)
