//! The pools that a run has made, and is to delete.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, RwLock};
use tokio::time::timeout;

use super::{Pool, Refused, pace};

/// How long pools that are being made when the run ends are waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// Every pool that was made, and those that are being made.
#[derive(Default)]
pub(super) struct Made {
    pools: Arc<Mutex<Vec<Arc<Pool>>>>,
    under_way: Arc<RwLock<()>>,
}

impl Made {
    /// Makes a pool. Who waits for it may be dropped, by a signal or a time limit: it is made to its end all the same, since
    /// half a pool is known to nobody who could delete it.
    pub(super) async fn make(
        &self,
        making: impl Future<Output = Result<Pool, Refused>> + Send + 'static,
    ) -> Result<Arc<Pool>, Refused> {
        let pools = Arc::clone(&self.pools);
        let under_way = Arc::clone(&self.under_way).read_owned().await;
        let made = pace::spawn(async move {
            let pool = Arc::new(making.await?);
            pools.lock().await.push(Arc::clone(&pool));
            drop(under_way);
            Ok(pool)
        });
        made.await.unwrap_or_else(|e| {
            Err(Refused { operation: "CreateUserPool".to_owned(), why: e.to_string(), unreachable: true })
        })
    }

    /// Hands over every pool, once none is being made any more, or none that is made in time.
    pub(super) async fn take(&self) -> Vec<Arc<Pool>> {
        // Where it takes too long, what is there is deleted at least.
        let _ = timeout(PATIENCE, self.under_way.write()).await;
        std::mem::take(&mut *self.pools.lock().await)
    }
}
