using System.Data.Common;
using Holoflow.Persistence;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Holoflow.Outbox;

/// <summary>
/// Hears of events that other processes store, by PostgreSQL's notifications: one comes with each commit that stores any. It says that there is
/// something to look at, not what; a bell that rang while nobody listened, at the start or while the connection was away, is made good by ringing when it is there.
/// </summary>
sealed class OutboxBell(Database database, TimeProvider time, ILogger logger)
{
    const string Channel = "holoflow_outbox";
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly string _instance = Guid.CreateVersion7().ToString("N");
    readonly SemaphoreSlim _rung = new(0);

    /// <summary>The statement that rings at the others when its transaction commits.</summary>
    public string Ring { get => field ??= $"NOTIFY {Channel}, '{_instance}'"; }

    /// <summary>True where another process has stored events since the last wait; false after <paramref name="longest"/>.</summary>
    public Task<bool> Wait(TimeSpan longest, CancellationToken cancellation) => _rung.WaitAsync(longest, cancellation);

    /// <summary>Listens until it is told to stop.</summary>
    public async Task Listen(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = (NpgsqlConnection)await database.OpenForBulk(stop);
                connection.Notification += (_, notification) =>
                {
                    if (notification.Payload != _instance)
                        Pulse();
                };
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                    await listen.ExecuteNonQueryAsync(stop);
                // What was stored meanwhile rang at nobody.
                Pulse();
                pause = FirstPause;
                while (true)
                    await connection.WaitAsync(stop);
            }
            catch (Exception e) when (e is DbException or DatabaseException or IOException)
            {
                Log.ListeningFailed(logger, e.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Many rings are one.
    void Pulse()
    {
        if (_rung.CurrentCount == 0)
            _rung.Release();
    }
}
