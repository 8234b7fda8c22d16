# The frame of a page
product-name = Noroshi
language-name = English
title = { $heading } | Noroshi
title-with-errors = Error: { $heading } | Noroshi
skip-to-main = Skip to main content
nav-main = Main menu
nav-waiting = { $count ->
    [one] item waiting
   *[other] items waiting
}
breadcrumb = You are here
user-name = { $name }
user-roles = Roles: { $roles }
sign-out = Sign out
exercise-label = Exercise notice
exercise-mark = EXERCISE
exercise-text = This is an exercise system. Notifications and reports made here have no legal effect.
exercise-name = ({ $name })
exercise-date = The pretended time begins on { $date }.
footer-help = Help: { $help }
footer-time-zone = All dates and times on screen are in Japan Standard Time (JST).
session-title = Your session is about to end
session-text = To go on working, press “Keep working”. Your drafts are saved.
session-extend = Keep working
session-ended = Your session has ended. Your drafts are saved. Sign in again to go on where you were.
session-failed = The session could not be extended. Check your connection and press the button again.
request-failed = The request failed. Nothing on the page was lost. Wait a moment and try again.
