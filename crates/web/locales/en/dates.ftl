# Dates and times (Japan Standard Time)
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
date-full = { $weekday } { $day } { $month } { $year }
date-short = { $weekday } { $day } { $month }
date-plain = { $day } { $month }
date-time = { $date }, { $time } JST
deadline-until = by the end of { $date } (24:00 JST)
deadline-until-exact = by 24:00 JST on { $date } (before 0:00 on { $next })
remaining-days = { $days ->
    [one] { $days } day left
   *[other] { $days } days left
}
remaining-hours = { $hours } h { $minutes } min left
remaining-overdue-days = { $days ->
    [one] { $days } day overdue
   *[other] { $days } days overdue
}
remaining-overdue-hours = { $hours } h { $minutes } min overdue
elapsed-days = { $days ->
    [one] { $days } day elapsed
   *[other] { $days } days elapsed
}
elapsed-hours = { $hours } h { $minutes } min elapsed
