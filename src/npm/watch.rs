//! The watch for JavaScript: peers and participants are the objects that `JSON.parse` made.

use super::call::segment;
use super::errors;
use super::executor::promise;
use super::host::{array, host};
use super::settings::client;
use super::types::{ClientSettings, List, NextFunction, Setting, WatchOption, WatchOptions};
use crate::api::inner::ClientInner;
use crate::api::paging::Entry;
use crate::js::FromJs;
use crate::request::id::Segment;
use crate::request::invalid_argument::InvalidArgument;
use crate::watch::poll::Poller;
use crate::watch::roster::{Changes, Member, Peer};
use crate::watch::watcher::{Update, Watcher};
use js_sys::JSON;
use std::cell::{OnceCell, RefCell};
use std::future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A peer, as the API sent it. It may lack anything.
    pub(super) type JsPeer;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn id(this: &JsPeer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn user_id(this: &JsPeer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn custom_participant_id(this: &JsPeer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn joined_at(this: &JsPeer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn left_at(this: &JsPeer) -> Result<JsValue, JsValue>;
}

/// A non-empty string.
fn text(value: Result<JsValue, JsValue>) -> Option<String> {
    value.ok()?.as_string().filter(|text| !text.is_empty())
}

impl FromJs for JsPeer {
    fn from_js(value: JsValue) -> Result<Self, String> {
        Ok(value.unchecked_into())
    }
}

impl Entry for JsPeer {
    fn id(&self) -> Option<String> {
        text(self.id())
    }
}

impl Peer for JsPeer {
    fn has_fields(&self) -> bool {
        self.is_object()
    }

    fn participant_key(&self) -> String {
        text(self.user_id())
            .or_else(|| text(self.custom_participant_id()))
            .or_else(|| text(self.id()))
            .unwrap_or_default()
    }

    fn peer_id(&self) -> Option<String> {
        text(self.id())
    }

    fn is_present(&self) -> bool {
        self.left_at().is_ok_and(|time| time.is_falsy())
    }

    fn joined_at(&self) -> Option<String> {
        text(self.joined_at())
    }

    fn left_at(&self) -> Option<String> {
        text(self.left_at())
    }
}

/// A participant of a snapshot.
struct JsMember {
    key: String,
    is_present: bool,
    peers: Vec<JsPeer>,
    /// The peers again, as the caller sees them, and as JSON, by which they are compared.
    list: JsValue,
    json: Option<JsValue>,
    object: OnceCell<JsValue>,
}

impl JsMember {
    fn object(&self) -> JsValue {
        let create = || host().participant(&self.key, self.is_present, &self.list);
        self.object.get_or_init(create).clone()
    }
}

impl Member for JsMember {
    type Peer = JsPeer;

    fn new(key: String, is_present: bool, peers: Vec<JsPeer>) -> Self {
        let list: JsValue = array(peers.iter().map(JsValue::from));
        Self {
            key,
            is_present,
            peers,
            json: JSON::stringify(&list).ok().map(JsValue::from),
            list,
            object: OnceCell::new(),
        }
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn is_present(&self) -> bool {
        self.is_present
    }

    fn peers(&self) -> &[JsPeer] {
        &self.peers
    }

    fn is_same(&self, other: &Self) -> bool {
        self.json.is_some() && self.json == other.json
    }

    fn departed(&self) -> Self {
        Self {
            key: self.key.clone(),
            is_present: false,
            peers: Vec::new(),
            list: self.list.clone(),
            json: None,
            object: OnceCell::new(),
        }
    }
}

/// Returns a function whose calls resolve to one snapshot after the other, and to `undefined` once the signal is
/// aborted.
///
/// # Errors
///
/// Throws an `InvalidArgumentError` if an ID is wrong.
#[wasm_bindgen]
pub fn watch(
    #[wasm_bindgen(unchecked_param_type = "[app: string, meeting: string]")] ids: List,
    options: WatchOptions,
) -> Result<NextFunction, JsValue> {
    let poller = || {
        Ok(Poller {
            app: segment("app_id", &ids, 0)?,
            meeting: segment("meeting_id", &ids, 1)?,
            account: None,
            timeout_ms: options.number(WatchOption::Timeout as u32),
            per_page: options
                .number(WatchOption::PerPage as u32)
                .unwrap_or_default(),
            signal: options.value(WatchOption::Signal as u32),
        })
    };
    let poller = poller().map_err(errors::invalid_argument)?;
    let interval = options
        .number(WatchOption::Interval as u32)
        .unwrap_or_default();
    let mut watcher: Box<Watcher<JsValue, JsMember>> = Box::new(Watcher::new(poller, interval));
    watcher.socket_class = options.get(WatchOption::WebSocket as u32);
    let state = Rc::new(RefCell::new(Some(watcher)));
    let next = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |settings: JsValue| {
        let settings: ClientSettings = settings.unchecked_into();
        let state = state.clone();
        let options = options.clone();
        promise(Box::pin(async move {
            // Taken while it polls: there is one poll at a time.
            let Some(mut watcher) = state.take() else {
                return Ok(JsValue::UNDEFINED);
            };
            let client = prepare(&mut watcher, settings, &options);
            let client = client.map_err(errors::invalid_argument)?;
            let update = future::poll_fn(|context| watcher.poll_next(&client, context)).await;
            Ok(match update.map_err(errors::invalid_argument)? {
                None => JsValue::UNDEFINED,
                Some(update) => {
                    state.replace(Some(watcher));
                    snapshot(&update)
                }
            })
        }))
    });
    Ok(next.into_js_value().unchecked_into())
}

/// The client for the next update: with the settings that it has now. The account is the watch's own, else the client's.
fn prepare(
    watcher: &mut Watcher<JsValue, JsMember>,
    settings: ClientSettings,
    options: &WatchOptions,
) -> Result<Rc<ClientInner>, InvalidArgument> {
    let own = options.text(WatchOption::AccountId as u32);
    let account = own.or_else(|| settings.text(Setting::AccountId as u32));
    let account = Segment::new("account_id", &account.unwrap_or_default())?;
    watcher.poller.account = Some(account);
    client(settings)
}

/// The snapshot as the caller sees it.
fn snapshot(update: &Update<JsValue, JsMember>) -> JsValue {
    let Changes {
        joined,
        left,
        returned,
    } = &update.changes;
    let lists = [&update.members, joined, left, returned].into_iter();
    let lists = array(lists.map(|members| array(members.iter().map(|member| member.object()))));
    let (error, since, failures) = match &update.trouble {
        Some((error, since, failures)) => (errors::error(error), *since, *failures),
        None => (JsValue::UNDEFINED, f64::NAN, 0),
    };
    host().snapshot(
        update.at_ms.unwrap_or(f64::NAN),
        update.age_ms.unwrap_or(f64::NAN),
        update.next_at_ms,
        update.session.as_ref().unwrap_or(&JsValue::NULL),
        &lists,
        &error,
        since,
        failures,
        &errors::limits(update.rate_limit.as_ref(), None),
        &array(update.actions.iter().cloned()),
        &update.moderators,
    )
}
