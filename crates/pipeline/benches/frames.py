"""The peer of benches/frames.rs: OpenCV's detector and recogniser over frames, all of them
for each line of input, one line of JSON out. Needs: pip install opencv-python-headless"""

import json
import sys
import time

import cv2
import numpy as np

job = json.loads(sys.argv[1])
cv2.setNumThreads(job["threads"])
files = [np.fromfile(path, np.uint8) for path in job["frames"]]
detector = cv2.FaceDetectorYN.create(
    job["detector"], "", (1280, 720), job["confidence"], 0.3, 5000
)
recogniser = cv2.FaceRecognizerSF.create(job["embedder"], "")
print(json.dumps({"opencv": cv2.__version__, "threads": cv2.getNumThreads()}), flush=True)


def look(file):
    """The eyes of each face of a frame, whose template is made and dropped."""
    picture = cv2.imdecode(file, cv2.IMREAD_COLOR)
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    faces = detector.detect(picture)[1]
    eyes = []
    for face in [] if faces is None else faces:
        recogniser.feature(recogniser.alignCrop(picture, face))
        eyes.append([float(value) for value in face[4:8]])
    return eyes


for _ in sys.stdin:
    started = time.process_time()
    eyes = [look(file) for file in files]
    print(json.dumps({"processor_ms": (time.process_time() - started) * 1e3, "eyes": eyes}), flush=True)
