# Form controls
form-required = (required)
form-optional = (optional)
form-read-only = (read only)
form-error-mark = * { $text }
form-error-count = { $count ->
    [one] Check your answers: { $count } error
   *[other] Check your answers: { $count } errors
}
form-choose = Choose one
form-approximate = Approximate date and time
form-time-unknown = Time not known
form-count-max = Up to { $max } characters
form-count-left = {"{"}n{"}"} characters left
form-count-over = {"{"}n{"}"} characters too many
date-part-year = Year
date-part-month = Month
date-part-day = Day
date-part-hour = Hour
date-part-minute = Minute
answer-state-legend = State of this answer
answer-state-known = Answered
answer-state-investigating = Under investigation
answer-state-unknown = Unknown
answer-state-not-applicable = Not applicable
autosave-idle = What you enter is saved automatically
autosave-saving = Saving
autosave-saved = Saved automatically at { $time }
autosave-failed = Could not save automatically. Press “Save draft”
autosave-conflict = This was changed on another screen. Open the latest version
form-error-missing = { $label }: enter an answer
form-error-choose = { $label }: choose one
form-error-confirm = Check the content and tick the box
form-error-too-long = { $label }: shorten the text
form-error-max-chars = { $label }: enter { $max } characters or fewer
form-error-year = { $label }: enter the year as four digits
form-error-month = { $label }: enter the month as a number from 1 to 12
form-error-day = { $label }: enter the day as a number from 1 to 31
form-error-hour = { $label }: enter the hour as a number from 0 to 23
form-error-minute = { $label }: enter the minutes as a number from 0 to 59
form-error-era = { $label }: check the Japanese era or enter the year as four digits
form-error-no-such-day = { $label }: there is no such day, check the day
form-error-date-incomplete = { $label }: enter the year, the month and the day
form-error-number = { $label }: enter a number
form-error-csrf = The page had expired. Check your answers and press the button again
