using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Holoflow.ReadModel.Access;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Access;

/// <summary>
/// Removes the broker's users of agents whose API token was revoked or has expired: at once where this server revoked it, else at the next look,
/// for the revocation may have come by another way, or while the broker's management was away.
/// </summary>
sealed class AgentUsers(BrokerUsers broker, ApiTokens tokens, TimeProvider time, TimeSpan lookAgainAfter, ILogger log) : IAsyncDisposable
{
    readonly CancellationTokenSource _stopping = new();
    Task _looking = Task.CompletedTask;

    public void Start() => _looking = Look();

    /// <summary>Looks now.</summary>
    /// <exception cref="MessagingException">The broker's management does not answer.</exception>
    public async Task Clean(CancellationToken cancellation)
    {
        // The users first: a user is made after its token, so that one whose token is not there any more has none.
        var agents = await broker.Agents(cancellation);
        if (agents.Count == 0)
            return;
        var now = time.GetUtcNow();
        var live = (await tokens.All(cancellation)).Where(t => t.Scope == "agent" && AccessGrant.Refusal(t, now) is null).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var agent in agents.Where(a => !live.Contains(a)))
        {
            await broker.Remove(agent, cancellation);
            Log.AgentUserRemoved(log, agent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
        _stopping.Dispose();
    }

    async Task Look()
    {
        using var tick = new PeriodicTimer(lookAgainAfter, time);
        try
        {
            while (await tick.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await Clean(_stopping.Token);
                }
                catch (Exception e) when (e is MessagingException or DatabaseException or System.Data.Common.DbException)
                {
                    Log.AgentUsersNotLookedAt(log, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
