use std::process::Command;

use app::reminders::{CalendarEvent, OwnCalendar};

use super::{line, print};

const NOW: &str = "2026-11-22T03:17:00+09:00";

fn calendar(locale: &str) -> OwnCalendar {
    let event = |uid: &str, due_at: &str, sequence, legal| CalendarEvent {
        uid: uid.to_owned(),
        due_at: due_at.parse().unwrap(),
        sequence,
        changed_at: NOW.parse().unwrap(),
        alarms: vec![72, 1],
        legal,
    };
    OwnCalendar {
        locale: locale.to_owned(),
        events: vec![
            event(&"a".repeat(40), "2026-12-23T00:00:00+09:00", 2, true),
            event(&"b".repeat(40), "2027-04-01T00:00:00+09:00", 0, false),
        ],
    }
}

#[test]
fn no_line_is_too_long_and_none_is_folded_inside_a_character() {
    let mut text = String::new();
    line(&mut text, &format!("SUMMARY:{}", "手続の期限".repeat(40)));
    for part in text.split("\r\n") {
        assert!(part.len() <= 75, "{}", part.len());
    }
    assert_eq!(
        text.replace("\r\n ", "").trim_end(),
        format!("SUMMARY:{}", "手続の期限".repeat(40))
    );
}

#[test]
fn a_calendar_is_read_by_a_parser_of_other_makers() {
    let folder = tempfile::tempdir().unwrap();
    let script = "import sys, datetime, icalendar\n\
        text = open(sys.argv[1], 'rb').read()\n\
        assert b'\\n' not in text.replace(b'\\r\\n', b'')\n\
        calendar = icalendar.Calendar.from_ical(text)\n\
        assert not calendar.errors, calendar.errors\n\
        events = list(calendar.walk('VEVENT'))\n\
        assert len(events) == 2\n\
        one = events[0]\n\
        assert not one.errors, one.errors\n\
        jst = datetime.timezone(datetime.timedelta(hours=9))\n\
        end = one.decoded('dtend')\n\
        assert end == datetime.datetime(2026, 12, 23, tzinfo=jst), end\n\
        assert end - one.decoded('dtstart') == datetime.timedelta(hours=1)\n\
        assert one['uid'] == 'a' * 40 + '@noroshi' and one['sequence'] == 2\n\
        assert one['summary'] == sys.argv[2], one['summary']\n\
        assert [a.decoded('trigger') for a in one.walk('VALARM')] == [datetime.timedelta(hours=-72), datetime.timedelta(hours=-1)]\n\
        assert all(a['trigger'].params['related'] == 'END' for a in one.walk('VALARM'))\n\
        assert events[1].decoded('dtend') == datetime.datetime(2027, 4, 1, tzinfo=jst)\n";
    for (locale, summary) in [
        ("ja", "手続の期限（法令）"),
        ("en", "Something is due (limit of the law)"),
    ] {
        let file = folder.path().join(format!("{locale}.ics"));
        std::fs::write(&file, print(&calendar(locale), NOW.parse().unwrap())).unwrap();
        let output = Command::new("python3")
            .args(["-c", script])
            .arg(&file)
            .arg(summary)
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "this test needs python3 with the packages of tests/reminders/requirements.txt, which `cargo xtask test` \
             installs: {talk}"
        );
    }
}
