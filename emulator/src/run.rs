//! Starts the emulator, prints that it is ready, and shuts it down.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::args::Args;
use crate::emulator::{Emulator, Settings, lock};
use crate::world::{World, WorldOptions};
use crate::{api, net, web, webhooks};

/// The one line on standard output.
#[derive(Serialize)]
struct Ready {
    url: String,
    base_url: String,
    api_token: String,
    account_id: String,
    app_id: Option<String>,
    meeting_id: Option<String>,
    session_id: Option<String>,
}

/// Runs until a signal, or the end of standard input if wanted.
pub(crate) fn run(args: Args) -> ExitCode {
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .and_then(|runtime| {
            let ended = runtime.block_on(serve(args));
            // Requests that still hang do so on purpose: do not wait for them.
            runtime.shutdown_background();
            ended
        });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "realtimekit-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> io::Result<()> {
    let listener = TcpListener::bind((args.host.as_str(), args.port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    // From here on, a signal ends the process cleanly.
    let end = shutdown_signal(args.until_stdin_closes)?;

    let world = World::new(WorldOptions {
        seed: args.seed,
        participants: args.participants as usize,
        keep_alive_secs: args.keep_alive,
        start: args.start_time,
        speed: args.speed,
    });
    let settings = Settings {
        token: args.token,
        account: args.account,
        first_page: usize::from(args.first_page),
        left_at: args.left_at,
        rate_limit: args.rate_limit,
        rate_window: Duration::from_secs_f64(args.rate_window),
        print_requests: args.print_requests,
    };
    let app = Arc::new(Emulator::new(settings, world));
    let router = web::router(Arc::clone(&app), &args.serve, &args.cors);
    tokio::spawn(net::serve(listener, router));
    // What the world was made with has not happened now.
    lock(&app.world).take_events();
    tokio::spawn(webhooks::run(Arc::clone(&app)));
    if args.speed > 0.0 {
        tokio::spawn(run_world(Arc::clone(&app)));
    }
    announce(&ready(&app, url))?;
    end.await
}

fn ready(app: &Emulator, url: String) -> Ready {
    let mut world = lock(&app.world);
    let main = world.main_meeting().map(|(meeting, _)| {
        (
            meeting.app_id.to_string(),
            meeting.id.clone(),
            meeting.live_session().map(|session| session.id.to_string()),
        )
    });
    let (app_id, meeting_id, session_id) = match main {
        Some((app, meeting, session)) => (Some(app), Some(meeting), session),
        None => (None, None, None),
    };
    Ready {
        base_url: format!("{url}{}", api::BASE),
        url,
        api_token: app.settings.token.clone(),
        account_id: app.settings.account.clone(),
        app_id,
        meeting_id,
        session_id,
    }
}

fn announce(ready: &Ready) -> io::Result<()> {
    let mut line = serde_json::to_string(ready)?;
    line.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Runs the simulation in the background, so that a request after hours does not have to catch up.
async fn run_world(app: Arc<Emulator>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        lock(&app.world).catch_up();
    }
}

/// Waits for a signal, or for the end of standard input if wanted. Signals count from this call on,
/// not only when the future is polled.
fn shutdown_signal(
    until_stdin_closes: bool,
) -> io::Result<impl std::future::Future<Output = io::Result<()>>> {
    let (close, closed) = oneshot::channel::<()>();
    // A thread, not a task: a read of standard input cannot be cancelled.
    let reader = until_stdin_closes.then(|| {
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            let mut input = io::stdin();
            loop {
                match input.read(&mut buffer) {
                    Ok(1..) => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Ok(0) | Err(_) => break,
                }
            }
            let _ = close.send(());
        })
    });
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())?
    };
    Ok(async move {
        let stdin_closed = async {
            if reader.is_some() {
                let _ = closed.await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated => Ok(()),
            () = stdin_closed => Ok(()),
        }
    })
}
