# The officer's page.
officer-title = { $name } · Rowcall
others-open = { $count ->
    [one] One more vehicle is open
   *[other] { $count } more vehicles are open
}

## Idle
idle-title = No vehicle
idle-explained = The next vehicle appears here by itself where the lane announces it. Otherwise start it:
open-direction = Direction
direction-entry = Entry
direction-exit = Exit
direction-at = { $direction }, at { $station }
open-occupants = People inside
open-occupants-why = Count them yourself. Without your count, somebody whom no camera sees wouldn’t be missed.
act-open = Start

## Headline
verdict-waiting = Nothing seen yet
verdict-look = { $count ->
    [one] 1 open point
   *[other] { $count } open points
}
verdict-confirmed = { $count ->
    [one] 1 person confirmed
   *[other] All { $count } confirmed
}
confirmed-remarks = { $count ->
    [one] one by a document with a remark
   *[other] { $count } by documents with a remark
}
tally = { $holders }, { $people }
tally-holders = { $count ->
    [one] 1 document holder
   *[other] { $count } document holders
}
tally-people = { $count ->
    [one] 1 person inside
   *[other] { $count } people inside
}
verdict-incomplete = Not complete yet
verdict-decided = All decided
verdict-vehicle-out = Check the whole vehicle by hand
still-coming = more is coming
todos-label = What to do
todos-go = { $count ->
    [0] Nobody needs a look: let the vehicle go, then close it.
    [one] Read the remark on a document, then let the vehicle go and close it.
   *[other] Read the remarks on { $count } documents, then let the vehicle go and close it.
}
todos-decided = You decided about everything: close the vehicle when it leaves.
todos-wait = Nothing to do yet.
confirmed-of = { $confirmed } of { $all } confirmed
todo-seat = { $place }: { $what }.
todo-document = { $place }: { $what }.
todo-holders = { $count ->
    [one] 1 document without its holder.
   *[other] { $count } documents without their holders.
}
todo-holders-at = Perhaps there: { $places }.
todo-more-than-declared = More people than declared.
todo-more-than-declared-do = Count again, and look at every seat.
todo-camera-missing = Camera { $name } shows nothing.
todo-camera-frozen = Camera { $name } stands still.
todo-frames-unreadable = Some pictures couldn’t be read.
todo-camera-do = Look at the seats that it shows yourself.
count-declared = Declared
count-seen = Seen
count-confirmed = Confirmed
count-documents = Documents
act-declare = Set
time-left = All deleted in
time-left-explained = Then every picture and all that was read of documents is destroyed, but what is kept as evidence. A vehicle that is still here is started anew.
time-left-late = Not done? Start it anew then.
act-close = Close vehicle
ask-close-open = { $count ->
    [one] One thing is undecided. Close the vehicle all the same?
   *[other] { $count } things are undecided. Close the vehicle all the same?
}

## Map, documents, vehicle
map-label = Seats
map-front = Front of the vehicle
unplaced-title = People whom no camera shows
documents-title = { $count ->
    [one] 1 document
   *[other] { $count } documents
}
documents-none = None yet.
document-nameless = Document { $count }
vehicle-title = Vehicle
vehicle-nothing = Nothing special
vehicle-strangers = { $count ->
    [one] A face on no seat
   *[other] { $count } faces on no seat
}
vehicle-cameras-failed = { $count ->
    [one] A camera failed
   *[other] { $count } cameras failed
}
vehicle-cameras = { $count ->
    [one] 1 camera
   *[other] { $count } cameras
}
missing-title = Still missing
missing-declaration = How many people are inside
missing-documents = More documents were announced than have come
missing-frames = No picture has come yet
missing-people = Fewer people were seen than declared
missing-adjudication = Your decision about an open point
decide-vehicle = Decide about the whole vehicle
cameras = Cameras
cameras-none = none
camera-name = Camera
camera-state = State
camera-frames-title = Pictures
camera-frames = { $frames } looked at, { $dropped } dropped
camera-delivering = Works
camera-missing = Shows nothing
camera-frozen = Stands still

## What became of a seat
seat-empty = Nobody seen
seat-cannot-see = Can’t be seen
seat-confirmed = Confirmed
seat-confirmed-remark = Confirmed, see remark
seat-comparing = Being compared
seat-look = Look
seat-not-captured = Not seen
seat-poor-quality = Not seen well
seat-no-matching-document = No document fits
seat-ambiguous = Unclear
seat-document-not-trusted = Document not trusted
seat-document-expired = Document expired
seat-document-not-enough = Document not enough
seat-document-unsigned = Document not signed
seat-document-untrusted = Signer not trusted
seat-document-unsupported = Document can’t be checked
seat-document-invalid = Document invalid
seat-portrait-unusable = Portrait unusable
seat-opted-out = By hand: opted out
seat-manual-by-policy = By hand: small child
line-look = Compare the two pictures
stage = Why it is yours
stage-seen = Reason: not seen
stage-quality = Reason: the picture
stage-match = Reason: the faces
stage-document = Reason: the document
stage-policy = Checked by hand

## What to do about a seat
window =
    { $row ->
        [1] { $side ->
            [left] the front left window
            [right] the front right window
           *[centre] the front windows
        }
        [2] { $side ->
            [left] the rear left window
            [right] the rear right window
           *[centre] the rear windows
        }
       *[other] { $side ->
            [left] the left window of row { $row }
            [right] the right window of row { $row }
           *[centre] the windows of row { $row }
        }
    }
window-any = the windows
advice-blind = Compare the two pictures yourself.
advice-blind-no-document = Look at this person: there is no portrait to compare with.
advice-comparing = More documents or pictures are coming. Wait, or decide by yourself.
advice-cannot-see = Look there yourself: a camera that would see { $place } shows nothing.
advice-look = Look at this seat and decide.
advice-not-captured = Look there yourself: { $place }. Lower { $window } and take another picture, or check by hand.
advice-not-captured-anywhere = Somebody was declared whom no camera shows: look at every seat, take new pictures, or correct the count.
advice-too-dark = Too dark: lower { $window } and take another picture.
advice-no-contrast = A reflection or the dark hides the face: lower { $window } and take another picture.
advice-glare = Glare on the face: lower { $window } or shade it, and take another picture.
advice-reflection = A reflection lies on the face: lower { $window } or shade it, and take another picture.
advice-little-light = Too little light: switch the lane light on or lower { $window }, and take another picture.
advice-compressed = The camera’s pictures are too coarse: take another, and tell the supervisor.
advice-blurred = Blurred: let the vehicle stand still, and take another picture.
advice-hidden = Eyes or mouth are hidden: ask the person to uncover the face, and take another picture.
advice-eyes = The eyes are hidden: ask the person to take off dark glasses or push up the brim, and take another picture.
advice-turned = Turned away: ask the person to look at the camera, and take another picture.
advice-too-small = Too far away: move the vehicle up to the mark, and take another picture.
advice-unclear = Not seen clearly: lower { $window }, ask the person to look at the camera, and take another picture.
advice-no-matching-document = Ask for this person’s document: none here is like them.
advice-no-document-unless = { $better } If their document isn’t among these, ask for it.
advice-runner-up-close = Compare by eye: another person or document in this vehicle fits nearly as well.
advice-look-alike-possible = Compare by eye: alike, but a close relative could be as alike.
advice-several-faces = Look at this seat: more than one face was seen there (a child on a lap, a picture held up?).
advice-portraits-differ = Compare the portraits of this holder’s documents: they don’t show one person.
advice-picture-suspected = Look at this seat: a picture may be held up to the camera.
advice-document-not-trusted = The face fits, but the document can’t be relied on: check the document itself.
advice-portrait-unusable = Compare by eye: a portrait that may be theirs can’t be compared.
advice-opted-out = Compare face and document by hand: this person opted out. The machine compares and keeps nothing of theirs.
advice-manual-by-policy = Check by hand: a small child’s document is left over.

## What falls short
quality-inter-eye-distance = too small
quality-head-pose-yaw = turned aside
quality-head-pose-pitch = looking up or down
quality-under-exposure-prevention = too dark
quality-over-exposure-prevention = too bright
quality-sharpness = blurred
quality-dynamic-range = hardly any contrast
quality-face-occlusion-prevention = eyes or mouth hidden
quality-eyes-visible = eyes hidden
quality-illumination-uniformity = reflection on the face
quality-noise = too little light
quality-compression-artifacts = compressed too much
quality-detector-confidence = not clearly a face

## Blind first
judge-question = One person on both pictures?
judge-blind = The machine says nothing before you have judged.
act-same = Same
act-different = Different
act-see-document = Look at the document
act-cannot-tell = Can’t tell
you-said = You said
machine-says = Machine says
judged-same = The same person
judged-different = Two different people
judged-cannot-tell = The pictures don’t say
inclination-runner-up-close = Fits, but another here fits nearly as well
inclination-look-alike-possible = Alike; a relative could be as alike
inclination-several-faces = More than one face on this seat
inclination-portraits-differ = The documents show different people
picture-cue-same-picture = The camera sees the portrait itself, print and all.
picture-cue-flat = From two sides the face is as flat as a sheet.
picture-cue-border = Straight edges frame the face, as those of a sheet or a screen.
inclination-picture-suspected = Maybe a picture held up
inclination-unlike = Not alike
inclination-not-trusted = The face fits, the document isn’t trusted
inclination-not-compared = Couldn’t compare
score = Score
rarity = (about 1 in { $count } strangers is as alike)
shortcomings = Falls short
more = More about this seat

## Decisions
decide = Your decision
decide-again = Correct the decision
decide-now = Decide without waiting
decide-otherwise = Not the holder? Decide otherwise
decided = Decided:
decided-corrects = { $count ->
    [one] It corrects an earlier decision; both are in the log.
   *[other] It corrects { $count } earlier decisions; all are in the log.
}
reason-confirmed-by-eye = By eye: is the holder
reason-confirmed-by-second-document = A second document settles it
reason-confirmed-by-recapture = A new picture settles it
reason-checked-by-hand = Checked by hand
reason-miscount-corrected = Nobody there, or counted twice
reason-sent-to-secondary = To second inspection
act-recapture = New picture
act-opt-out = Traveller opts out
ask-opt-out = { $place }: check by hand? Every picture of this person is destroyed now. This can’t be undone.
act-opt-out-document = Holder opts out
ask-opt-out-document = { $name }: check by hand? What was read of the document is destroyed now. This can’t be undone.
act-opt-out-vehicle = Whole vehicle by hand
ask-opt-out-vehicle = Check the whole vehicle by hand? Every picture and portrait is destroyed now. This can’t be undone.
act-set-aside = Not this vehicle’s
act-take-back = Take it back in
join-title = Same holder as another document

## Holds
act-hold-open = Keep as evidence
act-hold = Keep
act-consent = I agree
hold-title = Keep this pair of pictures as evidence
hold-explained = The two pictures are kept, encrypted, for the time that you set, then destroyed. It stands in the log.
hold-reason = Why
hold-minutes = For how many minutes
hold-at-most = at most { $count } min
hold-kept = Kept for { $minutes } min: { $reason }.
hold-proposed = { $name } proposes to keep this pair for { $minutes } min: { $reason }. A second officer must agree.
hold-suspected-impostor = Perhaps not the holder
hold-suspected-forgery = Perhaps a changed portrait
hold-occupant-request = The person asked for it
hold-legal-order = Ordered by a court or authority
hold-incident = Something happened here

## Pictures
alt-live = Live picture: { $name }
alt-portrait = Portrait in the document of { $name }
alt-portrait-nameless = Portrait in the document
caption-live = Live picture
caption-opted-out = No picture: opted out
caption-no-portrait = No document to compare

## What became of a document
document-reading = Being read
document-holder-confirmed = Holder is here
document-holder-at = Holder: { $place }
document-unsure-at = Unclear: { $place }
document-holder-not-found = Holder not found
document-perhaps-opted-out = Perhaps opted out
document-not-accepted = Not accepted
document-no-portrait = No portrait
document-poor-portrait = Portrait unusable
document-set-aside = Set aside
document-opted-out = By hand: opted out
advice-set-aside = You took this document out: it isn’t this vehicle’s.
advice-compare-at = Compare by eye with the person: { $place }.
advice-where-is-holder = Ask where the holder is: nobody who was seen is like this portrait.
advice-perhaps-opted-out = Compare by eye with who opted out: nobody else is like this portrait.
advice-untrusted = Check the document: nobody trusted stands behind its signature.
advice-unsigned = Check the document: nothing in it is signed.
advice-invalid = Check the document: see what was found.
advice-no-portrait = Compare by eye: this document has no portrait that can be read.
advice-poor-portrait = Compare by eye: this portrait isn’t clear enough.
advice-document-opted-out = Check by hand: opted out. Nothing of it is kept.
document-kind = Kind
document-number = Number
document-issuer = Issuer
document-same-holder = Same holder
kind-passport = Passport
kind-identity-card = Identity card
kind-visa = Visa
kind-seal = Sealed paper
kind-digital-credential = Digital credential
kind-emrtd = Document with a chip
kind-mrz = Printed zone
kind-vds = Sealed paper
kind-idb = Sealed paper
kind-vds-nc = Sealed paper
kind-dtc = Digital credential
kind-page = Printed page
kind-other = Document

## Trust
trust-valid = Trusted
trust-valid-with-warning = Trusted, see remark
trust-not-enough = Not enough to confirm
trust-unsigned = Not signed (print)
trust-untrusted = Signer not trusted
trust-unsupported = Can’t be checked
trust-invalid = Altered or invalid
trust-expired = Expired
findings = What was found
severity-info = For your information
severity-warning = Odd
severity-error = Serious

finding-document-expired = The document has expired.
finding-not-signed = Nothing in this document is signed: it is only print.
finding-signature-wrong = The signature is wrong: the content was changed or is not the issuer’s.
finding-data-group-hash-mismatch = A part of the chip is not what the issuer signed: it was changed.
finding-data-group-not-signed = A part of the chip isn’t signed.
finding-data-group-missing = A part of the chip that was signed is missing.
finding-security-object-missing = The chip’s signature is missing.
finding-issuer-not-found = Nobody trusted stands behind the signature: the issuer’s certificate isn’t here.
finding-issuer-revoked = The issuer’s certificate was revoked.
finding-issuer-signature-wrong = The signer’s certificate isn’t signed by its issuer.
finding-signer-expired = The signer’s certificate had expired.
finding-signer-not-yet-valid = The signer’s certificate wasn’t valid yet.
finding-signer-certificate-missing = The signer’s certificate is missing.
finding-revocation-not-checked = Whether the signer was revoked couldn’t be checked.
finding-revocation-list-outdated = The list of revoked signers is out of date.
finding-algorithm-not-supported = Signed in a way that can’t be checked here.
finding-weak-hash = Signed in an old, weak way.
finding-weak-key = Signed with a weak key.
finding-printed-mrz-differs = The printed lines differ from the chip.
finding-mrz-missing = There is no machine readable zone.
finding-mrz-not-read = The machine readable zone couldn’t be read.
finding-mrz-repaired = A character of the zone was read by its check digit.
finding-mrz-names-may-be-truncated = The name may be cut short.
finding-mrz-no-expiry-date = No date of expiry.
finding-mrz-expiry-unlimited = Doesn’t expire.
finding-portrait-missing = There is no portrait.
finding-portrait-unreadable = The portrait can’t be read.
finding-portrait-encoding = The portrait is in a format that documents don’t have.
finding-portrait-truncated = The portrait is cut off.
finding-several-portraits = There is more than one portrait.
finding-seal-not-signed = The seal isn’t signed.
finding-seal-malformed = The seal is damaged or wrong.
finding-chip-file-not-read = A part of the chip couldn’t be read.
finding-names-from-recognition = The name was read from print.
finding-dg11-birth-date-differs = The chip gives two different dates of birth.
finding-page-not-recognised = The page wasn’t recognised.

## Faces on no seat
stranger-outside = Somebody outside the vehicle (camera { $camera })
stranger-leaning = { $place }: leans out of the seat
stranger-inside-picture = A framed face inside: a picture or screen? (camera { $camera })
stranger-inside-small = A small face on no seat (camera { $camera })
stranger-inside-large = A face close to the camera (camera { $camera })
stranger-inside-between-seats = A face between the seats (camera { $camera })
stranger-advice-outside = Not compared. No need to do anything.
stranger-advice-leaning = It is counted for that seat.
stranger-advice-picture = Look who or what it is: a picture held up, or a person.
stranger-advice-inside = Somebody may be unaccounted for: look inside and count.
stranger-perhaps = Not found yet: { $name }. Ask whether it is them.

## The machine errs
reminder-errs = The machine errs: trust your eyes.
reminder-wrong = About 1 in { $count } vehicles with a wrong person would still be confirmed.
reminder-referred = Of 100 people with their own document about { $count } are sent to you.
reminder-not-measured = How often was not measured at this lane.
reminder-measured-on = (measured { $name })

## Keys
keys-toggle = Keys
keys-label = Keys:
keys-move = seat
keys-next = next to look at
keys-judge = judge
keys-decide = decide
keys-opt-out = opt out
keys-hold = keep pair
keys-declare = people inside
keys-vehicle = vehicle

## Beside the vehicle’s other documents
finding-portraits-differ = This holder’s documents show two different people.
finding-presented-twice = The same document was presented twice.
finding-number-of-another = It has the number of another document and is another person’s.
finding-portrait-turned = Its portrait doesn’t stand upright.
finding-portrait-framed = Its portrait may be a picture of a picture.
finding-joined-by-officer = You said that it is the same holder’s as another document.
