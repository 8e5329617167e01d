using System.Data.Common;
using System.Text;
using Npgsql;

namespace Holoflow.Persistence.Postgresql;

/// <summary>Leads while the session that holds an advisory lock lives. Waiting for the lock is waiting inside the server: no polling.</summary>
sealed class LockLeadership : Leadership
{
    /// <summary>Keeps a duty's lock apart from others in the same database: "holo" in ASCII.</summary>
    const int LockClass = 0x686f6c6f;

    /// <summary>Without an answer for this long in all, each side takes the other for dead: a host that lost its power says nothing.</summary>
    const string KeepAlive = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";

    const int KeepAliveSeconds = 5;

    readonly NpgsqlConnection _connection;
    readonly CancellationTokenSource _lost = new();
    readonly CancellationTokenSource _given = new();
    readonly Task _watch;

    LockLeadership(NpgsqlConnection connection)
    {
        _connection = connection;
        _watch = Task.Run(Watch);
    }

    public override CancellationToken Lost => _lost.Token;

    public static async Task<Leadership> Take(string connectionString, string duty, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = $"holoflow {duty} {Environment.ProcessId}@{Environment.MachineName}",
            Pooling = false,
            KeepAlive = KeepAliveSeconds,
            CommandTimeout = 0,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await Execute(connection, KeepAlive, cancellation);
            await Execute(connection, $"SELECT pg_advisory_lock({LockClass}, {NumberOf(duty)})", cancellation);
            return new LockLeadership(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _given.CancelAsync();
        await _watch;
        await _connection.DisposeAsync();
        _given.Dispose();
        _lost.Dispose();
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The same number for a duty in every process (FNV-1a).</summary>
    static int NumberOf(string duty)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(duty))
            hash = (hash ^ b) * 16777619u;
        return unchecked((int)hash);
    }

    async Task Watch()
    {
        try
        {
            while (true)
                await _connection.WaitAsync(_given.Token);
        }
        catch (OperationCanceledException) when (_given.IsCancellationRequested)
        {
            // Given back.
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            await _lost.CancelAsync();
        }
    }
}
