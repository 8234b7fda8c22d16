//! Reminders, mails and calendars.

use ids::{Digest, Id, IdSource, NoticeId, PersonId, Role, SeededIds};
use model::reminders::{Anchor, DueKind, Hour, MailAddress, QuietHours, Sight};
use store::rows::reminders::{Event, Moment, Notice, Preference, ReminderMail};
use testkit::{TestDatabase, World, instant, on_each_database};

fn moment(hours: i64) -> Moment {
    Moment {
        kind: DueKind::FullReport,
        subject: "x".to_owned(),
        anchor: Anchor::Limit,
        anchor_at: instant(1_000_000),
        hours,
    }
}

fn notice(id: NoticeId, person: PersonId, hours: i64, seconds: i64) -> Notice {
    Notice {
        id,
        person,
        moment: moment(hours),
        legal: true,
        sight: Sight::Open,
        hour: Hour::Quiet,
        created_at: instant(seconds),
        read_at: None,
        mail: None,
    }
}

on_each_database! {
    async fn a_moment_is_kept_once_for_each_person(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let seeded = SeededIds::new(9);
        let ids: &dyn IdSource = &seeded;
        let one = world.person_id(world.power, Role::Csirt);
        let other = world.person_id(world.power, Role::Approver);
        let mut tx = db.store().begin("test").await.unwrap();
        assert!(!tx.is_noticed(one, &moment(-24)).await.unwrap());
        let first = notice(ids.next(), one, -24, 1);
        assert!(tx.insert_notice(&first).await.unwrap());
        assert!(!tx.insert_notice(&notice(ids.next(), one, -24, 2)).await.unwrap());
        assert!(tx.insert_notice(&notice(ids.next(), one, -3, 3)).await.unwrap());
        assert!(tx.insert_notice(&notice(ids.next(), other, -24, 4)).await.unwrap());
        assert!(tx.is_noticed(one, &moment(-24)).await.unwrap());
        let listed = tx.notices(one, None, 10).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[1], first);
        let after = Some((listed[0].created_at, listed[0].id));
        assert_eq!(tx.notices(one, after, 10).await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(tx.count_unread_notices(one).await.unwrap(), 2);
        assert!(!tx.read_notice(other, first.id, instant(5)).await.unwrap());
        assert!(tx.read_notice(one, first.id, instant(5)).await.unwrap());
        assert_eq!(tx.read_all_notices(one, instant(3), instant(6)).await.unwrap(), 1);
        assert_eq!(tx.count_unread_notices(one).await.unwrap(), 0);
        assert_eq!(tx.count_unread_notices(other).await.unwrap(), 1);
    }

    async fn a_mail_is_claimed_by_one_and_settled_once(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let person = world.person_id(world.power, Role::Csirt);
        let mut mail = ReminderMail {
            id: Id::from_uuid(uuid::Uuid::from_u128(5)),
            person,
            address: MailAddress::parse("a@x.example.jp").unwrap(),
            due_at: Some(instant(50)),
            legal: true,
            state: "waiting".to_owned(),
            attempts: 0,
            next_attempt_at: Some(instant(1)),
            last_error: None,
            created_at: instant(1),
            settled_at: None,
        };
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_reminder_mail(&mail).await.unwrap();
        assert_eq!(tx.reminder_mails_due(instant(0), 10).await.unwrap(), []);
        assert_eq!(tx.reminder_mails_due(instant(1), 10).await.unwrap(), [mail.clone()]);
        assert!(tx.claim_reminder_mail(&mail, instant(9)).await.unwrap());
        assert!(!tx.claim_reminder_mail(&mail, instant(9)).await.unwrap());
        assert_eq!(tx.reminder_mails_due(instant(8), 10).await.unwrap(), []);
        "sent".clone_into(&mut mail.state);
        mail.next_attempt_at = None;
        mail.settled_at = Some(instant(9));
        assert!(tx.settle_reminder_mail(&mail).await.unwrap());
        assert!(!tx.settle_reminder_mail(&mail).await.unwrap());
    }

    async fn preferences_and_calendars_belong_to_a_person(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let person = world.person_id(world.power, Role::Csirt);
        let mut tx = db.store().begin("test").await.unwrap();
        let people = tx.people_to_remind(world.power).await.unwrap();
        assert_eq!(people.len(), 5);
        assert!(people.iter().all(|one| one.quiet.is_none() && one.mail.is_none()));
        let wanted = Preference {
            person,
            quiet: Some(QuietHours::new(1_320, 420).unwrap()),
            mail: Some(MailAddress::parse("a@x.example.jp").unwrap()),
        };
        for seconds in [1, 2] {
            tx.set_reminder_preference(&wanted, instant(seconds)).await.unwrap();
        }
        assert_eq!(tx.reminder_preference(person).await.unwrap(), Some(wanted.clone()));
        assert!(tx.people_to_remind(world.power).await.unwrap().contains(&wanted));

        let (first, second) = (Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32]));
        tx.set_calendar_feed(person, first, instant(1)).await.unwrap();
        tx.set_calendar_feed(person, second, instant(2)).await.unwrap();
        assert!(tx.calendar_feed_by_secret(first).await.unwrap().is_none());
        tx.calendar_feed_fetched(person, instant(3)).await.unwrap();
        let feed = tx.calendar_feed_by_secret(second).await.unwrap().unwrap();
        assert_eq!((feed.person, feed.created_at, feed.fetched_at), (person, instant(2), Some(instant(3))));
        let mut event = Event {
            uid: "u".to_owned(),
            due_at: instant(8),
            sequence: 0,
            changed_at: instant(1),
        };
        tx.insert_calendar_event(person, &event).await.unwrap();
        event.sequence = 1;
        event.due_at = instant(9);
        tx.update_calendar_event(person, &event).await.unwrap();
        assert_eq!(tx.calendar_events(person).await.unwrap(), [event]);
        tx.remove_calendar_event(person, "u").await.unwrap();
        assert_eq!(tx.calendar_events(person).await.unwrap(), []);
        assert!(tx.remove_calendar_feed(person).await.unwrap());
        assert!(!tx.remove_calendar_feed(person).await.unwrap());
    }
}
