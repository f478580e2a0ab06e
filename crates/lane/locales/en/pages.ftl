# Log-in, notice, manual, and the bar of all pages.
product = Rowcall
skip = To the content
nav-login = Log in
nav-lanes = Lanes
nav-supervisor = Supervisor
nav-auditor = Auditor
nav-administrator = Administrator
nav-password = Password

minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

login-title = Log in
login-name = Name
login-password = Password
login-do = Log in
login-wrong = Name and password don’t fit together.
login-wait = { $count ->
    [one] Too many tries: wait 1 second.
   *[other] Too many tries: wait { $count } seconds.
}
login-provider = Log in with the organisation’s account
login-provider-failed = The organisation’s account couldn’t be used here. Try again, or log in with an account of this lane.
login-traveller = Are you a traveller?
password-title = New password
password-must = Others know your password: choose a new one before you go on.
password-old = Password until now
password-new = New password
password-hint = At least ten characters; a sentence is easy to remember.
password-do = Change
lanes-title = Choose a lane
lanes-none = This service has no lane.

## Notice
notice-title = Your face at this lane
notice-lead = Cameras compare your face with the portrait in the travel document that you show here, and with nothing else.
notice-glance-what = A picture of your face
notice-glance-what-text = is compared with your own vehicle’s documents only.
notice-glance-gone = Gone when you drive on
notice-glance-gone-text = Pictures are destroyed when your vehicle leaves.
notice-glance-no = You may say no
notice-glance-no-text = Tell the officer: you are checked by hand, in the same lane.
notice-glance-officer = An officer decides
notice-glance-officer-text = The machine refuses nobody.
notice-operator = Who operates this lane
notice-purpose = What for
notice-basis = Legal basis
notice-taken = What is taken
notice-taken-text = Pictures of the seats, from before your vehicle stops until it leaves; what your documents’ chips and printed lines say, and their portraits.
notice-not = What is not done
notice-not-text = You aren’t searched for in any list. Nobody’s face is stored for later. Nothing is concluded about your age, sex, origin or mood. No record of your journeys is kept here.
notice-kept-faces = How long pictures live
notice-kept-faces-how = Until your vehicle leaves, at most { $time }. Then they are overwritten, and a signed record shows it.
notice-kept-hold = The one exception
notice-kept-hold-how = { $officers ->
    [one] An officer may, for a stated reason, keep one pair of pictures, encrypted, for at most { $own } ({ $order } by order of a court or after an incident). Each such case is recorded.
   *[other] Two officers together may, for a stated reason, keep one pair of pictures, encrypted, for at most { $own } ({ $order } by order of a court or after an incident). Each such case is recorded.
}
notice-kept-counts = What stays
notice-kept-counts-how = { $count ->
    [one] Counts and reasons without any name or picture, for 1 day.
   *[other] Counts and reasons without any name or picture, for { $count } days.
}
notice-opt-out = How to say no
notice-opt-out-text = Tell the officer before or while you are in the lane: for yourself, for a document, or for the whole vehicle. Your seat is blacked out in every picture, also in earlier ones. It takes no longer than a look at your documents, and has no other consequence.
notice-errs = The machine errs
notice-error-wrong = About 1 in { $count } vehicles in which somebody isn’t the document’s holder would pass unnoticed by the machine.
notice-error-referred = About { $count } of 100 people who show their own document are looked at by an officer as well.
notice-error-unmeasured = How often was not measured at this lane yet.
notice-error-decides = It never decides against anybody: an officer looks and decides.
notice-complain = Questions and complaints
notice-code = This notice on your phone

## Manual
manual-title = When the lane fails: by hand
manual-failed = This has failed
manual-camera = Camera { $name } shows nothing.
manual-documents = Documents can’t be read or verified.
manual-analysis = Pictures can’t be compared in time.
manual-log = The audit log can’t be written: nothing is compared until it can.
manual-lead = Traffic goes on. You check every person as you would without the machine.
manual-step-stop = Let the vehicle stop at the mark. Engine off, lights on inside, windows down.
manual-step-count = Count the people yourself: every row, laps, the floor, the boot where your rules say so.
manual-step-documents = Take one document per person. Look at expiry, portrait, and the printed lines; use a hand reader or lamp where you have one.
manual-step-faces = Hold each document beside its holder. Compare ears, nose, brow and chin rather than hair, beard or glasses.
manual-step-unsure = Not sure? Ask for a second document, or send on to second inspection. A second pair of eyes is better than a quick guess.
manual-step-record = Note on the hand list: time, number of people, number of documents, what you decided. No names.
manual-step-close = When the lane works again, close what is open on the console as “Checked by hand”.
manual-never-title = Never
manual-never-wave = Never wave a vehicle through because the machine is down.
manual-never-photo = Never photograph people or documents with your own phone.
manual-never-refuse = Never refuse anybody because the machine couldn’t see them.
manual-parts-title = If only a part fails
manual-part-camera = A camera
manual-part-camera-do = Go on with the machine. Look yourself at the seats that it shows; they come to you for a look anyway.
manual-part-reader = The document reader
manual-part-reader-do = Go on by hand for documents. Faces without a document to compare with are checked by you.
manual-part-console = This console
manual-part-console-do = Load the page again. If it stays away, go on by hand; an open vehicle ends by itself at its time limit and its pictures are destroyed.
manual-part-power = Power or network
manual-part-power-do = Go on by hand. Pictures in memory are gone with the power; nothing needs to be deleted.

## Supervisor
supervisor-title = How the lane does
rates-title = Capture, quality, match
rates-explained = Three rates apart, since each has another remedy: nobody seen is a matter of cameras, not seen well of light and glass, no match of documents and thresholds. The dark bar is the rate, the line in it its 95 % interval. What is of too few vehicles isn’t shown.
rates-of = Of
rates-lane = The lane
rates-rows = By row
rates-seats = By seat
rates-cameras = By camera
rates-today = Today so far, UTC
rates-hours = By hour
rates-people = { $count ->
    [one] 1 person
   *[other] { $count } people
}
rates-too-few = too few
rate-capture = Seen
rate-quality = Well enough
rate-match = Matched
group-lane = All
group-camera = camera { $name }
group-row = Row { $count }
seconds = { $count } s
vehicles-title = Vehicles
vehicles-count = Vehicles
vehicles-confirmed = All confirmed
vehicles-median = Half took at most
vehicles-ninety = Nine of ten took at most
agreement-title = Officers and machine
agreement-said = In { $share } % of { $all } blind judgements officer and machine agreed; { $unsure } times the pictures didn’t say.
agreement-explained = All officers together, never one. Judged before anybody saw what the machine leant to.
referrals-title = Referred seats by reason
referrals-reason = Reason
referrals-count = How often
alarms-title = Alarms
alarms-none = No rate has changed.
alarm-fell = { $stage } fell: { $group }, from { $expected } % to { $now } %
alarm-rose = { $stage } rose: { $group }, from { $expected } % to { $now } %
alarm-stage-capture = People seen
alarm-stage-quality = Picture quality
alarm-stage-match = Matches
alarm-since = Probably since { $since }, noticed { $at }.
alarm-advice-capture = Look at the camera’s aim, its cable, and where vehicles stop.
alarm-advice-quality = Look at lights, lens and glass: dirt, a failed lamp, low sun.
alarm-advice-match = Look at document readers and at changes of model, calibration or policy.
health-not-seen = Not seen yet
health-refused = Refuses
health-no-frames = No picture
health-connecting = Connecting
health-frozen = Stands still
health-too-dark = Too dark
health-out-of-focus = Out of focus
health-late-clock = Late
health-delivering = Works
health-advice-not-seen = No vehicle came that it could have shown, or too few.
health-advice-refused = Name, password or address in the configuration don’t fit: tell the administrator.
health-advice-no-frames = Check power and cable, then the network.
health-advice-connecting = Wait a minute.
health-advice-frozen = Switch the camera off and on.
health-advice-too-dark = Check the lane light and the lens cover.
health-advice-out-of-focus = Clean the lens, then focus it on the mark.
health-advice-late-clock = Set the camera’s clock by the network, or give it a faster connection.
health-advice-delivering = Nothing to do.
health-numbers = { $rate } pictures a second, the last { $age } s ago, { $dropped } dropped
health-dropped = { $dropped } dropped, in the days shown
policy-title = Policy
policy-of = Model { $model }, calibration { $calibration }
policy-effect = What the threshold does to 10,000 vehicles, by the calibration
policy-budget = Allowed: wrong vehicles confirmed
policy-wrong = Of 10,000 with a wrong person, confirmed
policy-referred = Of 10,000 all right, referred
policy-state = State
policy-in-force = in force

## Auditor
auditor-title = Audit
auditor-log = Log { $log }, { $size } entries
verify-title = Don’t believe this page
verify-text = What stands below is the lane’s word. The verifier computes it again in your browser from the log itself, with your own copy of the keys and of an earlier checkpoint, and trusts nothing of the server.
verify-do = Verify the log
period-from = From
period-to = To
period-show = Show
audit-summary = From { $from } to { $to }
audit-word = As the log says it; the verifier shows whether it holds.
audit-opened = Transactions
audit-confirmed = Seats confirmed
audit-referred = Seats referred
audit-adjudicated = Decisions
audit-corrected = Corrections
audit-set-ups = Looks at cameras to set zones
audit-lane-files = Lane files written
audit-starts = Starts of the lane
audit-kept = Destruction
audit-none-late = Every transaction’s biometrics were destroyed in time
audit-late = { $count ->
    [one] 1 transaction’s biometrics were destroyed late
   *[other] { $count } transactions’ biometrics were destroyed late
}
audit-images = Pictures destroyed
audit-templates = Templates destroyed
audit-longest = Longest transaction, minutes
audit-ended-by = What ended them
audit-cause = Cause
audit-count = How often
destroyed-closed = Closed by the officer or the lane
destroyed-time-limit = Time limit
destroyed-abandoned = Abandoned
destroyed-panic = The program failed
destroyed-shutdown = The lane was shut down
destroyed-process-ended = The process had ended
holds-title = { $count ->
    [0] No pair of pictures was kept
    [one] 1 pair of pictures was kept
   *[other] { $count } pairs of pictures were kept
}
holds-entry = Entry
holds-made = Made
holds-due = Due
holds-views = Looked at
holds-end = End
hold-live = Still kept
hold-released = Released { $at }
hold-expired = Ended { $at }:
hold-expired-time = its time was over.
hold-expired-clock-uncertain = the clock had gone back.
hold-expired-not-stored = nothing had been stored.
hold-expired-key-missing = its key was gone.
checkpoints-title = Checkpoints
checkpoints-size = Entries
checkpoints-at = Signed (UTC)
checkpoints-root = Root
checkpoints-witnesses = Witnesses
checkpoints-nobody = none

## Administrator
administrator-title = Set-up
role-officer = Officer
role-supervisor = Supervisor
role-auditor = Auditor
role-administrator = Administrator
users-title = People
users-role = Role
users-state = State
users-do = Action
users-must-change = must choose a password
users-self = you
users-remove = Remove
users-first-password = First password
users-add = Add or change
ask-remove-user = Remove { $name }? They are logged out at once.
tokens-title = Devices
tokens-label = What for
tokens-until = Good until
tokens-days = Days
tokens-add = Make a token
tokens-remove = End
tokens-once = Shown this once; copy it now:
ask-remove-token = End the token “{ $name }”? The device can’t ask any more.
trust-title = Trusted certificates
trust-country = Country
trust-subject = Subject
trust-file = File
trust-until = Good until
until = { $day }
until-soon = { $day }: { $count ->
    [0] today
    [one] 1 day left
   *[other] { $count } days left
}
until-over = { $day }: { $count ->
    [one] ended 1 day ago
   *[other] ended { $count } days ago
}
until-open = no end
zones-list = Cameras and zones
zones-list-text = A zone is where a camera sees a seat. The lane file says where each lies.
camera-where = Lane and vehicle
camera-sees = Sees
camera-warning = Warning
camera-seats = { $count ->
    [one] 1 seat
   *[other] { $count } seats
}
zone-never = Never a face: { $name }
zones-title = Zones
zones-mode = That you look is in the audit log; nothing of the pictures is stored. A vehicle that comes ends it.
zones-set-up = Set-up of cameras
zones-left = { $count ->
    [one] Set-up: 1 minute left.
   *[other] Set-up: { $count } minutes left.
}
zones-begin = Look at the cameras
zones-begin-text = Zones are placed on the live picture. That you look goes into the audit log, for a quarter of an hour at most; nothing of the pictures is stored. It begins when no vehicle is at the lane, and ends when one comes.
zones-waiting = A vehicle is at the lane. It begins as soon as that has left.
zones-end = Stop looking
zones-no-picture = No picture has come yet.
zones-not-in-force = The file has other zones than the lane works with. Start the service anew, and they hold.
zones-of = Zones of camera { $name }
zones-written = Written. It holds once the service is started anew.
zones-alt = Live picture of camera { $name }
zones-drawing = Zones on the picture
zones-seat = Seat
zones-how = Drag a zone or its corners, or move what has focus with the arrow keys (with Shift, further). Delete takes a corner out. Green boxes are faces in a zone, dashed red ones in none; dotted yellow boxes show the least and the greatest face.
zones-add = Draw a zone
zones-add-corner = One more corner
zones-remove = Remove zone
zones-suggest = Suggest from faces
zones-undo = Undo
zones-least = Least face width
zones-greatest = Greatest face width
zones-check = Check
zones-write = Write the lane file
zones-file = Lane file
zones-warn-empty = no face in it
zones-warn-size = faces don’t fit the widths
zones-warn-cross = its sides cross
zones-warn-outside = no zone
zones-well = well
zones-corner = Corner
zones-zone = Zone
