# Words that several pages use.
lane-name = Lane { $name }
nav-label = Pages
nav-notice = Notice
nav-manual = If the lane fails
theme-toggle = Light or dark
log-out = Log out
ask-yes = Yes
ask-no = Back
say-offline = The lane can’t be reached. Nothing was sent; try again, or go on by hand.
say-refused = The lane refused.
say-done = Done.
say-gone = The vehicle is closed.
link-up = Connected to the lane
link-down = No touch with the lane

seat-name =
    { $row ->
        [1] { $side ->
            [left] Front left
            [right] Front right
           *[centre] Front centre
        }
       *[other] { $side ->
            [left] Row { $row } left
            [right] Row { $row } right
           *[centre] Row { $row } centre
        }
    }
seat-unknown = Somebody, on an unknown seat
