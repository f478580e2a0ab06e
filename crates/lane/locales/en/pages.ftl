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
