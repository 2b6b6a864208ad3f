//! What a run hears and draws: from the network and from chance, written down as it comes; or from what was written down
//! before, without either.
//!
//! A run is written down in **tracks**: one for each case, and one for each thing that several cases share, such as a pool.
//! A track is in the order in which its owner asks, so that cases may run side by side in any order.

mod track;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::wire::{Exchange, Request, TransportError, TransportErrorKind};
pub(crate) use track::KEPT;
use track::Playing;
pub use track::{Answer, Heard, Step, Track};

/// What a request asks, as a text that is the same in each repetition of a run.
pub type Asks = fn(&Request) -> String;

/// Begins every reason why something cannot be replayed.
pub const NOT_REPLAYABLE: &str = "cannot be replayed";

/// Neither records nor replays, unless it was made to. Clones share everything.
#[derive(Clone, Default)]
pub struct Tape(Option<Arc<Reel>>);

struct Reel {
    is_replay: bool,
    asks: Asks,
    tracks: Mutex<BTreeMap<String, Arc<Mutex<Playing>>>>,
}

tokio::task_local! {
    /// Who asks just now.
    static CURRENT: Current;
}

/// An owner of a track, and the one on whose behalf it asks.
#[derive(Clone)]
struct Current {
    reel: Arc<Reel>,
    playing: Arc<Mutex<Playing>>,
    outer: Option<Arc<Current>>,
}

impl Tape {
    /// Records.
    #[must_use]
    pub fn recording(asks: Asks) -> Self {
        Tape(Some(Arc::new(Reel { is_replay: false, asks, tracks: Mutex::default() })))
    }

    /// Replays these tracks.
    #[must_use]
    pub fn replaying(asks: Asks, tracks: BTreeMap<String, Track>) -> Self {
        let tracks = tracks.into_iter().map(|(owner, track)| (owner, Arc::new(Mutex::new(track.into())))).collect();
        Tape(Some(Arc::new(Reel { is_replay: true, asks, tracks: Mutex::new(tracks) })))
    }

    /// Whether nothing is sent.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        self.0.as_ref().is_some_and(|reel| reel.is_replay)
    }

    // What is awaited here is kept on the heap: the futures of cases are large, and one track is in another.

    /// Runs this with what it hears and draws on the track of that owner. The same owner goes on where it stopped.
    pub async fn on_track<F: Future>(&self, owner: &str, run: F) -> F::Output {
        let Some(reel) = &self.0 else { return Box::pin(run).await };
        let playing = {
            let mut tracks = lock(&reel.tracks);
            Arc::clone(tracks.entry(owner.to_owned()).or_default())
        };
        let outer = CURRENT.try_with(Clone::clone).ok().map(Arc::new);
        CURRENT.scope(Current { reel: Arc::clone(reel), playing, outer }, Box::pin(run)).await
    }

    /// The exchange that `send` makes, or the one on the track. Where there is none, it is one that failed, and
    /// [`Tape::missing`] tells it.
    pub async fn exchange<F>(&self, request: Arc<Request>, send: impl FnOnce(Arc<Request>) -> F) -> Exchange
    where
        F: Future<Output = Exchange>,
    {
        let Some(reel) = &self.0 else { return Box::pin(send(request)).await };
        let current = CURRENT.try_with(Clone::clone).ok();
        if reel.is_replay {
            let asks = (reel.asks)(&request);
            let heard = match &current {
                Some(current) => current.hear(&asks),
                None => Err("nobody's request is on a track".to_owned()),
            };
            return match heard {
                Ok(Some((result, elapsed))) => Exchange { request, result, elapsed },
                // The case will wait no longer than it did.
                Ok(None) => std::future::pending().await,
                Err(why) => {
                    let detail = format!("{NOT_REPLAYABLE}: {why}");
                    let result = Err(TransportError { kind: TransportErrorKind::Closed, detail });
                    Exchange { request, result, elapsed: Duration::ZERO }
                }
            };
        }
        // What is sent on nobody's behalf, such as the deletion of fixtures, is judged by nobody.
        let Some(current) = current else { return Box::pin(send(request)).await };
        let place = lock(&current.playing).begin(&request, (reel.asks)(&request));
        let exchange = Box::pin(send(request)).await;
        lock(&current.playing).end(place, &exchange);
        exchange
    }

    /// Why the owner's track did not hold what it asked for, the first time; also what it asked for through another's.
    #[must_use]
    pub fn missing(&self, owner: &str) -> Option<String> {
        let tracks = lock(&self.0.as_ref()?.tracks);
        lock(tracks.get(owner)?).missing.clone()
    }

    /// What was recorded, by owners.
    #[must_use]
    pub fn tracks(&self) -> BTreeMap<String, Track> {
        let Some(reel) = &self.0 else { return BTreeMap::new() };
        lock(&reel.tracks).iter().map(|(owner, playing)| (owner.clone(), lock(playing).track.clone())).collect()
    }
}

impl Current {
    /// The next answer of the track.
    fn hear(&self, asks: &str) -> Result<Option<(Answer, Duration)>, String> {
        let heard = lock(&self.playing).hear(asks);
        if let Err(why) = &heard {
            self.misses(why);
        }
        heard
    }

    fn misses(&self, why: &str) {
        for current in std::iter::successors(Some(self), |current| current.outer.as_deref()) {
            lock(&current.playing).missing.get_or_insert_with(|| why.to_owned());
        }
    }
}

/// Keeps a future on the track of the one who made it, also where it is spawned.
pub fn inherit<F: Future>(run: F) -> impl Future<Output = F::Output> {
    let current = CURRENT.try_with(Clone::clone).ok();
    async move {
        match current {
            Some(current) => CURRENT.scope(current, Box::pin(run)).await,
            None => run.await,
        }
    }
}

/// Something that is not the same in each repetition of a run (the time, a random number, the place in a queue): made, and
/// written down where a tape records; from the track where one replays.
pub fn draw<T: Serialize + DeserializeOwned>(make: impl FnOnce() -> T) -> T {
    let Ok(current) = CURRENT.try_with(Clone::clone) else { return make() };
    if !current.reel.is_replay {
        let drawn = make();
        // What is drawn is a number or a text, which always has a form in JSON.
        lock(&current.playing).track.drawn.push(serde_json::to_value(&drawn).unwrap_or_default());
        return drawn;
    }
    let drawn = lock(&current.playing).drawn().and_then(|drawn| serde_json::from_value(drawn).ok());
    drawn.unwrap_or_else(|| {
        current.misses("something else is drawn than in the recorded run");
        make()
    })
}

/// A panic elsewhere has already failed the case that holds the track.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Response;

    fn asks(request: &Request) -> String {
        request.path.clone()
    }

    async fn echo(request: Arc<Request>) -> Exchange {
        let body = request.path.clone().into_bytes();
        let result = Ok(Response { status: 200, headers: Vec::new(), body });
        Exchange { request, result, elapsed: Duration::from_millis(3) }
    }

    async fn refuse(_: Arc<Request>) -> Exchange {
        panic!("a replay sends nothing")
    }

    fn to(path: &str) -> Arc<Request> {
        Request::call("X", "").path(path).into()
    }

    #[tokio::test]
    async fn what_was_recorded_is_replayed_by_owner_and_order() {
        let tape = Tape::recording(asks);
        let recorded = tape
            .on_track("a", async {
                tape.exchange(to("/1"), echo).await;
                tape.on_track("shared", tape.exchange(to("/2"), echo)).await;
                tape.exchange(to("/3"), echo).await;
                (draw(rand::random::<u64>), draw(|| "text".to_owned()))
            })
            .await;
        tape.exchange(to("/nobody"), echo).await;
        let spawned = tape.on_track("spawned", async { tokio::spawn(inherit(async { draw(|| 7) })).await.unwrap() });
        assert_eq!(spawned.await, 7);
        let tracks = tape.tracks();
        assert_eq!(tracks.keys().collect::<Vec<_>>(), ["a", "shared", "spawned"]);
        assert_eq!(tracks["spawned"].drawn, [7]);

        let tape = Tape::replaying(asks, tracks);
        let replayed = tape
            .on_track("a", async {
                for (path, owner) in [("/1", None), ("/2", Some("shared")), ("/3", None)] {
                    let asked = tape.exchange(to(path), refuse);
                    let exchange = match owner {
                        Some(owner) => tape.on_track(owner, asked).await,
                        None => asked.await,
                    };
                    assert_eq!(exchange.result.unwrap().body, path.as_bytes());
                    assert_eq!(exchange.elapsed, Duration::from_millis(3));
                }
                (draw(rand::random::<u64>), draw(|| "another".to_owned()))
            })
            .await;
        assert_eq!((replayed, tape.missing("a")), (recorded, None));
    }

    #[tokio::test]
    async fn what_is_not_on_the_track_is_told_to_all_who_wait_for_it() {
        let tape = Tape::recording(asks);
        tape.on_track("a", tape.on_track("shared", tape.exchange(to("/1"), echo))).await;
        let replays = || Tape::replaying(asks, tape.tracks());

        let other = replays();
        let exchange = other.on_track("a", other.on_track("shared", other.exchange(to("/2"), refuse))).await;
        assert!(exchange.result.unwrap_err().detail.starts_with(NOT_REPLAYABLE));
        assert!(other.missing("a").is_some() && other.missing("shared").is_some());

        let more = replays();
        more.on_track("a", more.exchange(to("/1"), refuse)).await;
        assert!(more.missing("a").is_some() && more.missing("shared").is_none());

        let drawn = replays();
        drawn.on_track("a", async { draw(|| 1) }).await;
        assert!(drawn.missing("a").is_some());
        assert!(replays().exchange(to("/1"), refuse).await.result.is_err());
    }
}
