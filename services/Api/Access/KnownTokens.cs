using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.ReadModel.Access;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Access;

/// <summary>
/// The API tokens as the store has them, kept in memory. They are read again when one is told of that changed, when a token comes that
/// is not known (at most once a second), and every few seconds, for a message may be lost and tokens expire.
/// </summary>
sealed class KnownTokens : IAsyncDisposable
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    readonly ApiTokens _store;
    readonly TimeProvider _time;
    readonly TimeSpan _lookAgainAfter;
    readonly ILogger _log;
    readonly IAsyncDisposable _subscription;
    readonly CancellationTokenSource _stopping = new();
    readonly SemaphoreSlim _reading = new(1);
    FrozenDictionary<long, AccessGrant> _grants = FrozenDictionary<long, AccessGrant>.Empty;
    long _readAt;
    Task _looking = Task.CompletedTask;

    public KnownTokens(ApiTokens store, IMessageBus bus, TimeProvider time, TimeSpan lookAgainAfter, ILogger log)
    {
        (_store, _time, _lookAgainAfter, _log) = (store, time, lookAgainAfter, log);
        _subscription = bus.Subscribe<DefinitionChanged>(new Subscription($"definition.{DefinitionChanged.ApiToken}"), (_, cancellation) => new ValueTask(Read(cancellation)));
    }

    /// <summary>Whether anybody at all could come in now.</summary>
    public bool AnyLive => _grants.Values.Any(g => AccessGrant.Refusal(g.Token, _time.GetUtcNow()) is null);

    /// <summary>Reads the tokens, and keeps them up to date from now on.</summary>
    /// <exception cref="DatabaseException">The database cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await Read(cancellation);
        _looking = Look();
    }

    /// <summary>What is known of a token; null: nothing.</summary>
    public async ValueTask<AccessGrant?> Find(string token, CancellationToken cancellation)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        if (FindHash(hash) is { } known)
            return known;
        // It may be a moment old, made through another server.
        if (_time.GetElapsedTime(Volatile.Read(ref _readAt)) < ShortestPause)
            return null;
        await Read(cancellation);
        return FindHash(hash);
    }

    /// <summary>Reads the tokens again; streams of those that are taken no longer end.</summary>
    public async Task Read(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            var rows = await _store.All(cancellation);
            Volatile.Write(ref _readAt, _time.GetTimestamp());
            var before = _grants;
            // The same token keeps its grant, for open streams hang on it.
            _grants = rows.ToFrozenDictionary(r => Fingerprint(Convert.FromHexString(r.Hash)), r => before.GetValueOrDefault(Fingerprint(Convert.FromHexString(r.Hash))) is { } kept && SameRights(kept.Token, r) ? kept : new AccessGrant(r));
            var now = _time.GetUtcNow();
            foreach (var (fingerprint, grant) in before)
            {
                if (!_grants.TryGetValue(fingerprint, out var current) || current != grant || AccessGrant.Refusal(grant.Token, now) is not null)
                    grant.End();
            }
        }
        finally
        {
            _ = _reading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _subscription.DisposeAsync();
        await _looking;
        _stopping.Dispose();
    }

    static bool SameRights(ApiTokenRow one, ApiTokenRow other) => one.Id == other.Id && one.RevokedAt == other.RevokedAt && one.ExpiresAt == other.ExpiresAt && one.Scope == other.Scope;

    static long Fingerprint(ReadOnlySpan<byte> hash) => BitConverter.ToInt64(hash);

    // The fingerprint of a hash says nothing of the token; the whole hash is compared in constant time.
    AccessGrant? FindHash(byte[] hash) =>
        _grants.TryGetValue(Fingerprint(hash), out var grant) && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(grant.Token.Hash), hash) ? grant : null;

    async Task Look()
    {
        using var tick = new PeriodicTimer(_lookAgainAfter, _time);
        try
        {
            while (await tick.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await Read(_stopping.Token);
                }
                catch (Exception e) when (e is DatabaseException or System.Data.Common.DbException)
                {
                    // Those who were let in stay until the database says otherwise.
                    Log.TokensNotRead(_log, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
