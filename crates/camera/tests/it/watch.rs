//! A watched camera, with time that passes only when nothing else happens.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use rowcall_camera::{
    CameraConfig, Clock, Error, ErrorKind, Health, Options, Source, State, Watch,
    capture::{Encoded, Picture, Shot, Taken},
    push,
    stream::{About, Event, Opener, Pending, Stream},
};
use tokio::time::{Instant, sleep, timeout};

use crate::pictures::{blurred, jpeg};

const SECOND: Duration = Duration::from_secs(1);

/// What a scripted camera does next.
#[derive(Clone)]
enum Act {
    /// Sends a file, so long after the last one.
    Frame(Duration, Vec<u8>, Option<Taken>),
    /// Sends something broken.
    Broken,
    /// Never says anything again.
    Freeze,
    /// Ends the connection.
    End,
    /// Fails as a decoder might.
    Panic,
}

/// A camera whose n-th connection does what the n-th script says, and whose address
/// answers nobody once there are none left.
struct Scripted(Mutex<VecDeque<Result<Vec<Act>, ErrorOf>>>);

type ErrorOf = fn() -> Error;

struct Playing(VecDeque<Act>);

impl Opener for Scripted {
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>> {
        let next = self.0.lock().expect("not poisoned").pop_front();
        Box::pin(async move {
            match next {
                Some(Ok(script)) => Ok(Box::new(Playing(script.into())) as Box<dyn Stream>),
                Some(Err(why)) => Err(why()),
                None => std::future::pending().await,
            }
        })
    }
}

impl Stream for Playing {
    fn next(&mut self) -> Pending<'_, Result<Event, Error>> {
        Box::pin(async {
            match self.0.pop_front() {
                Some(Act::Frame(after, file, taken)) => {
                    sleep(after).await;
                    Ok(Event::Shot(Shot {
                        bytes: file.len(),
                        picture: Picture::Encoded(Encoded::new(file)),
                        arrived: Instant::now(),
                        taken,
                    }))
                }
                Some(Act::Broken) => {
                    sleep(SECOND / 10).await;
                    Ok(Event::Damaged(broken()))
                }
                Some(Act::Freeze) => std::future::pending().await,
                Some(Act::Panic) => unreachable!("a decoder's mistake"),
                Some(Act::End) | None => Err(ended()),
            }
        })
    }

    fn about(&self) -> About {
        About::default()
    }
}

/// Errors as a camera's protocol gives them; a pushed frame is one way to them.
fn broken() -> Error {
    push::channel()
        .0
        .push(Encoded::new(b"no picture".to_vec()), None)
        .expect_err("no picture")
}

fn refused() -> Error {
    rowcall_camera::opener(&CameraConfig::new("x", Source::Push))
        .err()
        .expect("refused")
}

fn ended() -> Error {
    let large = vec![0; rowcall_camera::caps::MAX_FRAME_BYTES + 1];
    push::channel()
        .0
        .push(Encoded::new(large), None)
        .expect_err("too large")
}

struct Noon;

impl Clock for Noon {
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }
}

fn options() -> Options {
    Options::new(&CameraConfig::new("front", Source::Push), 1)
}

fn watch(scripts: Vec<Result<Vec<Act>, ErrorOf>>) -> Watch {
    let camera = Scripted(Mutex::new(scripts.into()));
    Watch::spawn(Box::new(camera), options(), Arc::new(Noon))
}

/// Frames that differ, five a second.
fn frames(count: u32) -> Vec<Act> {
    let frame = |seed| Act::Frame(SECOND / 5, jpeg(320, 240, seed, 1.0), None);
    (0..count).map(frame).collect()
}

fn has(health: &Health, state: State) -> bool {
    health
        .conditions
        .iter()
        .any(|condition| condition.state == state)
}

/// Waits, then until the looks that began are done.
async fn after(watch: &Watch, time: Duration) -> Health {
    sleep(time).await;
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    watch.health()
}

#[tokio::test(start_paused = true)]
async fn a_camera_delivers_and_its_rate_is_told() {
    let watch = watch(vec![Ok(frames(100))]);
    assert_eq!(watch.health().state, State::Connecting);
    let health = after(&watch, 10 * SECOND).await;
    assert_eq!(health.state, State::Delivering, "{health:?}");
    assert!(
        (health.frames_per_second - 5.0).abs() < 0.3,
        "{}",
        health.frames_per_second
    );
    let look = health.look.expect("looked at");
    assert!(
        look.brightness > 0.3 && look.sharpness.is_some_and(|s| s > 0.5),
        "{look:?}"
    );
    assert!(look.change.is_some_and(|change| change > 0.0));
    assert_eq!(look.size, (320, 240));
    // Nobody wanted them.
    assert_eq!(health.counters.unwanted, health.counters.received);
    assert_eq!(
        (health.counters.handed_out, health.counters.reconnects),
        (0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_the_newest_and_the_rest_is_counted() {
    let watch = watch(vec![Ok(frames(50)), Ok(vec![Act::Freeze])]);
    let reader = watch.frames();
    let mut last = 0;
    for _ in 0..5 {
        let capture = reader.next().await;
        assert!(capture.sequence > last, "order is kept");
        assert!(capture.arrived.elapsed() <= 2 * SECOND);
        last = capture.sequence;
        sleep(SECOND).await;
    }
    drop(reader);
    let counters = watch.health().counters;
    assert!(counters.overrun > 5, "{counters:?}");
    let kept = counters.handed_out - counters.overrun - counters.stale;
    assert!(kept >= 5, "{counters:?}");
    // A reader that comes later sees nothing from before.
    let later = watch.frames();
    assert!(later.try_next().is_none());
    let began = Instant::now();
    assert!(later.next().await.arrived >= began);
}

#[tokio::test(start_paused = true)]
async fn what_waits_too_long_is_not_handed_out() {
    let watch = watch(vec![Ok([frames(5), vec![Act::Freeze]].concat())]);
    let reader = watch.frames();
    sleep(5 * SECOND).await;
    assert!(reader.try_next().is_none());
    assert_eq!(watch.health().counters.stale, 2);
}

#[tokio::test(start_paused = true)]
async fn frames_that_come_too_often_are_thinned() {
    let fast = |seed| Act::Frame(SECOND / 50, jpeg(64, 48, seed, 1.0), None);
    let watch = watch(vec![
        Ok((0..100).map(fast).collect()),
        Ok(vec![Act::Freeze]),
    ]);
    let reader = watch.frames();
    sleep(2 * SECOND + SECOND / 100).await;
    drop(reader);
    let counters = watch.health().counters;
    assert_eq!(counters.received, 100);
    assert!((20..=26).contains(&counters.handed_out), "{counters:?}");
    assert_eq!(counters.handed_out + counters.thinned, 100);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_server_is_left_and_asked_again() {
    let stuck = || [frames(5), vec![Act::Freeze]].concat();
    let watch = watch(vec![Ok(stuck()), Ok(stuck()), Ok(frames(200))]);
    // Silent after a second; said after five more, given up after ten.
    let health = after(&watch, 3 * SECOND).await;
    assert_eq!(health.state, State::Delivering);
    let health = after(&watch, 5 * SECOND).await;
    assert_eq!(health.state, State::NoFrames);
    let silent = Instant::now().duration_since(health.since);
    assert!((silent.as_secs_f32() - 7.0).abs() < 0.1, "{silent:?}");
    let health = after(&watch, 5 * SECOND).await;
    assert_eq!(health.state, State::Delivering, "{health:?}");
    assert_eq!(health.counters.reconnects, 1);
    assert_eq!(health.trouble.expect("told").kind, ErrorKind::Silent);
    let health = after(&watch, 20 * SECOND).await;
    assert_eq!(
        (health.state, health.counters.reconnects),
        (State::Delivering, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_killed_is_asked_less_and_less_often() {
    let scripts: Vec<_> = (0..6).map(|_| Ok(vec![Act::End])).collect();
    let gone = scripts.len() as u64;
    let watch = watch([scripts, vec![Ok(frames(100))]].concat());
    let began = Instant::now();
    let reader = watch.frames();
    reader.next().await;
    let took = began.elapsed().as_secs_f32();
    // Half a second doubled five times, each by half to all.
    assert!((15.75..32.0).contains(&took), "{took}");
    assert_eq!(watch.health().counters.reconnects, gone);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_waits_for_somebody() {
    let refusals: Vec<Result<Vec<Act>, ErrorOf>> =
        (0..9).map(|_| Err(refused as ErrorOf)).collect();
    let watch = watch([refusals, vec![Ok(frames(100))]].concat());
    let health = after(&watch, SECOND).await;
    assert_eq!(health.state, State::Refused);
    assert!(
        health
            .trouble
            .is_some_and(|trouble| trouble.detail.contains("front") || !trouble.detail.is_empty())
    );
    let health = after(&watch, 10 * SECOND).await;
    assert_eq!(health.state, State::Refused);
    assert!(has(&health, State::NoFrames));
    // Nine attempts take long, so that no user is locked out.
    let began = Instant::now();
    watch.frames().next().await;
    assert!(began.elapsed() > 10 * 60 * SECOND, "{:?}", began.elapsed());
    assert_eq!(watch.health().state, State::Delivering);
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_is_told() {
    let every = SECOND / 5;
    let still = jpeg(320, 240, 1, 1.0);
    let frozen = vec![Act::Frame(every, still, None); 200];
    let dark: Vec<_> = (0..200)
        .map(|i| Act::Frame(every, jpeg(320, 240, i, 0.1), None))
        .collect();
    let soft: Vec<_> = (0..200)
        .map(|i| Act::Frame(every, blurred(320, 240, i), None))
        .collect();
    for (script, state) in [
        (frozen, State::FrozenPicture),
        (dark, State::TooDark),
        (soft, State::OutOfFocus),
    ] {
        let watch = watch(vec![Ok(script)]);
        let health = after(&watch, 25 * SECOND).await;
        assert_eq!(health.state, state, "{health:?}");
        assert_eq!(health.conditions.len(), 1, "{health:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_and_frames_that_fall_behind_are_told() {
    let every = SECOND / 5;
    let noon = Noon.wall();
    let off = |by: Duration| {
        // Its clock stands still in these tests, as ours does.
        let frame = |seed| {
            Act::Frame(
                every,
                jpeg(64, 48, seed, 1.0),
                Some(Taken::Wall(noon - by + every * seed)),
            )
        };
        (0..100).map(frame).collect::<Vec<_>>()
    };
    let watch_off = watch(vec![Ok(off(3600 * SECOND))]);
    let reader = watch_off.frames();
    let health = after(&watch_off, 10 * SECOND).await;
    assert_eq!(health.state, State::LateClock, "{health:?}");
    assert!(health.clock_behind.is_some_and(|behind| behind > 3500.0));
    // Its frames are as fresh as ever, and are handed out.
    assert!(reader.try_next().is_some());
    assert_eq!(health.counters.stale, 0);

    // Every frame comes a tenth of a second later than it should.
    let falling = |seed: u32| {
        let taken = Taken::Stream(every * seed / 2);
        Act::Frame(every, jpeg(64, 48, seed, 1.0), Some(taken))
    };
    let watch = watch(vec![Ok((0..200).map(falling).collect())]);
    let health = after(&watch, 30 * SECOND).await;
    assert_eq!(health.state, State::LateClock, "{health:?}");
    assert!(
        health.lag.is_some_and(|lag| lag > 10 * SECOND),
        "{:?}",
        health.lag
    );
    assert!(health.counters.stale > 50, "{:?}", health.counters);
}

#[tokio::test(start_paused = true)]
async fn damage_is_counted_and_ends_nothing() {
    let cut = {
        let whole = jpeg(320, 240, 3, 1.0);
        whole[..whole.len() / 2].to_vec()
    };
    let mut script = frames(5);
    script.extend([Act::Broken, Act::Frame(SECOND, cut, None)]);
    script.extend(frames(20));
    let watch = watch(vec![Ok(script)]);
    let health = after(&watch, 5 * SECOND).await;
    assert_eq!(health.state, State::Delivering, "{health:?}");
    assert_eq!(
        (health.counters.damaged, health.counters.reconnects),
        (2, 0)
    );
    assert!(
        health
            .damage
            .is_some_and(|damage| damage.detail.contains("damaged"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_decoder_that_fails_ends_its_connection_alone() {
    let watch = watch(vec![
        Ok([frames(3), vec![Act::Panic]].concat()),
        Ok(frames(100)),
    ]);
    let health = after(&watch, 5 * SECOND).await;
    assert_eq!(
        (health.state, health.counters.reconnects),
        (State::Delivering, 1)
    );
    assert_eq!(health.trouble.expect("told").kind, ErrorKind::Internal);
}

#[tokio::test(start_paused = true)]
async fn pushed_frames_come_through_and_silence_is_told() {
    let camera = CameraConfig::new("front", Source::Push);
    let (watch, pusher) = Watch::of(&camera, 1, Arc::new(Noon)).expect("nothing to open");
    let pusher = pusher.expect("frames are brought");
    let reader = watch.frames();
    for seed in 0..3 {
        let file = jpeg(64, 48, seed, 1.0);
        pusher
            .push(Encoded::new(file.clone()), None)
            .expect("a JPEG");
        let capture = timeout(SECOND, reader.next()).await.expect("comes at once");
        let Picture::Encoded(same) = &capture.picture else {
            panic!("decoded")
        };
        assert_eq!(**same, *file);
        sleep(SECOND).await;
    }
    let health = after(&watch, 3600 * SECOND).await;
    assert_eq!(
        (health.state, health.counters.reconnects),
        (State::NoFrames, 0)
    );
    pusher
        .push(Encoded::new(jpeg(64, 48, 9, 1.0)), None)
        .expect("a JPEG");
    timeout(SECOND, reader.next())
        .await
        .expect("comes at once, an hour later");
    assert_eq!(watch.health().state, State::Delivering);
    watch.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_never_answers_holds_nobody_up() {
    // It hangs while it connects, again and again.
    let stuck: Vec<_> = (0..8).map(|_| watch(vec![])).collect();
    let good = watch(vec![Ok(frames(100))]);
    let reader = good.frames();
    let began = Instant::now();
    for _ in 0..50 {
        timeout(SECOND, reader.next()).await.expect("comes");
    }
    assert!(began.elapsed() < 11 * SECOND);
    for watch in stuck {
        let health = watch.health();
        assert_eq!(health.state, State::NoFrames);
        watch.stop().await;
    }
}
