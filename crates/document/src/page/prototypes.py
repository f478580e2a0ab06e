#!/usr/bin/env python3
"""Draws ocr-b.png: the 37 characters of an MRZ in OCR-B (ISO 1073-2), one cell
each, 28 pixels (the pitch) wide and 40 high, centred on the capitals.

    prototypes.py OCRB.otf ocr-b.png

The font is Debian's fonts-ocr-b 0.3. Its outlines may be "freely used, modified
and/or distributed without limitation" (Norbert Schwarz, 1995, 2010); its
programs are in the public domain (Matthew Skala, 2012). Needs Pillow.
"""

import sys

from PIL import Image, ImageDraw, ImageFont

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
WIDTH, HEIGHT, FINE = 28, 40, 8

# 28 pixels of pitch, eight times as fine.
font = ImageFont.truetype(sys.argv[1], 1000)
font = ImageFont.truetype(sys.argv[1], round(1000 * WIDTH * FINE / font.getlength("A")))
_, top, _, bottom = font.getmask("H").getbbox()
ascent = font.getbbox("H")[1]
sheet = Image.new("L", (WIDTH * FINE * len(CHARACTERS), HEIGHT * FINE), 255)
draw = ImageDraw.Draw(sheet)
down = HEIGHT * FINE / 2 - ascent - (top + bottom) / 2
for i, character in enumerate(CHARACTERS):
    draw.text((i * WIDTH * FINE, down), character, font=font, fill=0)
sheet.resize((WIDTH * len(CHARACTERS), HEIGHT), Image.BOX).save(sys.argv[2], optimize=True)
