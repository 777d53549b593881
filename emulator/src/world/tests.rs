//! Tests of the world: it is deterministic, participants join and leave, and moderation follows the
//! platform.

use super::*;

fn world(seed: u64, participants: usize) -> World {
    World::new(WorldOptions {
        seed,
        participants,
        keep_alive_secs: 60.0,
        start: Moment::from_millis(1_785_574_800_000),
        speed: 0.0,
    })
}

fn live(meeting: &Meeting) -> usize {
    meeting.live_session().map_or(0, |s| s.present.len())
}

fn all_rows(query: impl FnOnce(&mut RosterQuery)) -> RosterQuery {
    let mut all = RosterQuery {
        search: None,
        page: 0,
        per_page: 200,
        descending: false,
        sort_by: SortBy::JoinedAt,
        include_peer_events: false,
        consolidated: false,
    };
    query(&mut all);
    all
}

fn user(meeting: &Meeting, index: usize) -> Targets {
    Targets {
        users: vec![meeting.participants[index].id],
        customs: Vec::new(),
    }
}

#[test]
fn one_seed_gives_one_world() {
    assert_eq!(world(1, 25).state(None), world(1, 25).state(None));
    assert_ne!(world(1, 25).state(None), world(2, 25).state(None));
}

#[test]
fn the_size_of_time_steps_does_not_matter() {
    let (mut once, mut often) = (world(5, 25), world(5, 25));
    once.advance(7200.0);
    for _ in 0..120 {
        often.advance(60.0);
    }
    assert_eq!(once.state(None), often.state(None));
}

#[test]
fn the_main_session_has_the_requested_number_of_peers() {
    for count in [1, 2, 3, 8, 11, 12, 25, 100, 1000, 10_000] {
        let mut world = world(1, count);
        let (main, _) = world.main_meeting().unwrap();
        assert_eq!(live(main), count);
    }
    let mut empty = world(1, 0);
    assert!(empty.main_meeting().unwrap().0.live_session().is_none());
}

#[test]
fn the_main_session_has_second_devices_and_departed_participants() {
    let mut world = world(1, 25);
    let (main, _) = world.main_meeting().unwrap();
    assert!(main.participants.iter().any(|p| p.live_peers == 2));
    let session = main.live_session().unwrap();
    assert_eq!(session.peers.len(), 25 + 25 / 8);
    assert!(
        session
            .peers
            .iter()
            .all(|p| p.left_at.is_none_or(|at| at > p.joined_at))
    );
}

#[test]
fn participants_join_and_leave() {
    let mut world = world(1, 25);
    let before = world.state(None);
    world.advance(3600.0);
    assert_ne!(before, world.state(None));
    let (main, _) = world.main_meeting().unwrap();
    assert!(live(main) > 5 && live(main) < 100, "{}", live(main));
}

#[test]
fn a_kicked_participant_can_join_again_as_another_peer() {
    let mut world = world(1, 25);
    let made = world.make_meeting("t".into(), 3, false);
    let now = made.simulated_until;
    let old = made.live_session().unwrap().peers[1].id;
    assert_eq!(made.kick(&user(made, 1), now).unwrap(), vec![1]);
    assert_eq!(live(made), 2);
    assert_eq!(
        made.kick(&user(made, 1), now).unwrap_err().message(),
        format!("No user found with id {}", made.participants[1].id)
    );
    let again = made.join(1, now).unwrap();
    assert_ne!(made.live_session().unwrap().peers[again].id, old);
}

#[test]
fn a_kick_is_all_or_nothing() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 3, false);
    let peer = made.live_session().unwrap().peers[0].id;
    let targets = Targets {
        users: vec![made.participants[0].id, peer],
        customs: Vec::new(),
    };
    assert_eq!(
        made.kick(&targets, made.simulated_until),
        Err(Refusal::NoUser(peer.to_string()))
    );
    assert_eq!(live(made), 3);
}

#[test]
fn a_kick_ends_all_peers_of_a_participant_named_twice() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 2, false);
    let now = made.simulated_until;
    made.join(0, now).unwrap();
    let mut targets = user(made, 0);
    targets.customs.push(made.participants[0].custom_id.clone());
    assert_eq!(made.kick(&targets, now).unwrap(), vec![0, 2]);
}

#[test]
fn kick_all_ends_the_session_and_a_join_starts_a_new_one() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 3, false);
    let now = made.simulated_until;
    let session = made.live_session().unwrap().id;
    assert_eq!(made.kick_all(now), Ok(3));
    assert!(made.live_session().is_none());
    assert!(matches!(
        made.kick_all(now),
        Err(Refusal::NoActiveSession(_))
    ));
    made.join(0, now).unwrap();
    assert_ne!(made.live_session().unwrap().id, session);
}

#[test]
fn an_inactive_meeting_keeps_its_peers_and_lets_no_one_join() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 2, true);
    let patch = MeetingPatch {
        status: Some(Status::Inactive),
        ..MeetingPatch::default()
    };
    made.change(patch, made.simulated_until);
    assert_eq!(made.join(0, made.simulated_until), Err(Refusal::Inactive));
    assert_eq!(live(made), 2);
    let id = made.id.clone();
    world.advance(86_400.0);
    let (made, _) = world.any_meeting(&id).unwrap();
    assert!(made.live_session().is_none(), "all left, and no one joined");
    assert_eq!(made.sessions.len(), 1);
}

#[test]
fn a_deleted_participant_stays_in_the_session_but_cannot_join_again() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 2, false);
    let now = made.simulated_until;
    let id = made.participants[0].id.to_string();
    let peer = made.live_session().unwrap().peers[0].id.to_string();
    assert!(made.delete(&peer, now).is_err());
    assert!(made.delete(&id, now).is_ok());
    assert!(made.delete(&id, now).is_err());
    assert_eq!(live(made), 2);
    assert!(made.kick(&user(made, 0), now).is_ok());
    assert_eq!(made.join(0, now), Err(Refusal::Deleted));
}

#[test]
fn an_empty_session_ends_after_its_keep_alive_time() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 1, false);
    let id = made.id.clone();
    made.kick(&user(made, 0), made.simulated_until).unwrap();
    world.advance(59.0);
    assert!(world.any_meeting(&id).unwrap().0.live_session().is_some());
    world.advance(1.0);
    let (made, now) = world.any_meeting(&id).unwrap();
    assert!(made.live_session().is_none());
    assert_eq!(made.sessions[0].ended_at, Some(now));
}

#[test]
fn muting_shows_on_the_peers() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 2, false);
    let now = made.simulated_until;
    made.mute(&user(made, 0), now).unwrap();
    let flags = |made: &Meeting| -> Vec<(bool, bool)> {
        let peers = &made.live_session().unwrap().peers;
        peers.iter().map(|p| (p.muted, p.may_unmute)).collect()
    };
    assert_eq!(flags(made), [(true, true), (false, true)]);
    assert_eq!(made.mute_all(false, now), Ok(2));
    assert_eq!(flags(made), [(true, false), (true, false)]);
    assert_eq!(made.mute_all(true, now), Ok(2));
    assert_eq!(flags(made), [(true, true), (true, true)]);
}

#[test]
fn pages_cover_the_list_once() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 7, false);
    let session = made.live_session().unwrap();
    let mut seen = Vec::new();
    for number in 0..4 {
        let query = all_rows(|q| {
            q.page = number;
            q.per_page = 3;
        });
        let page = page(made, session, &query, LeftAt::Mixed, made.simulated_until);
        assert_eq!(page.total, 7);
        assert_eq!(page.rows.len(), [3, 3, 1, 0][number]);
        assert_eq!(
            (page.start, page.end),
            [(1, 3), (4, 6), (7, 7), (0, 0)][number]
        );
        seen.extend(page.rows.into_iter().map(|row| row.id));
    }
    let joined: Vec<Uuid> = session.peers.iter().map(|peer| peer.id).collect();
    assert_eq!(seen, joined);
}

#[test]
fn search_ignores_case_and_accepts_every_kind_of_id() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 9, false);
    let session = made.live_session().unwrap();
    let who = &made.participants[7];
    for needle in [
        who.id.to_string(),
        session.peers[7].id.to_string().to_uppercase(),
        who.custom_id.to_uppercase(),
        who.name.to_lowercase(),
    ] {
        let query = all_rows(|q| q.search = Some(needle.clone()));
        let page = page(made, session, &query, LeftAt::Mixed, made.simulated_until);
        assert!(
            page.rows.iter().any(|r| r.id == session.peers[7].id),
            "{needle}"
        );
    }
    let query = all_rows(|q| q.search = Some("no one at all".into()));
    assert_eq!(
        page(made, session, &query, LeftAt::Mixed, made.simulated_until).total,
        0
    );
}

#[test]
fn consolidated_has_one_row_per_participant() {
    let mut world = world(1, 0);
    let made = world.make_meeting("t".into(), 2, false);
    let now = made.simulated_until;
    made.kick(&user(made, 0), now).unwrap();
    made.join(0, now.plus_millis(1)).unwrap();
    let session = made.live_session().unwrap();
    let query = all_rows(|q| {
        q.consolidated = true;
        q.include_peer_events = true;
        q.descending = true;
    });
    let page = page(made, session, &query, LeftAt::Absent, now);
    let rows = serde_json::to_value(&page.rows).unwrap();
    assert_eq!(page.total, 2);
    assert_eq!(rows[1]["id"], session.peers[2].id.to_string());
    assert!(rows[1].get("left_at").is_none());
    assert_eq!(rows[1]["peer_events"].as_array().unwrap().len(), 3);
}
