namespace Holoflow.Domain.Leases;

/// <summary>
/// The right of one agent to run one flow run, until <paramref name="ExpiresAt"/>. The epoch fences: whoever
/// speaks with an older epoch has been replaced, and must stop what it runs.
/// </summary>
public sealed record Lease(string AgentId, Guid OfferId, long Epoch, DateTimeOffset ExpiresAt)
{
    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>The lease renewed for <paramref name="duration"/> from now. It never shrinks, so that a clock that steps back shortens nothing.</summary>
    public Lease Renew(DateTimeOffset now, TimeSpan duration) =>
        now + duration > ExpiresAt ? this with { ExpiresAt = now + duration } : this;
}
