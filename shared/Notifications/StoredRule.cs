using Holoflow.Domain.Notifications;

namespace Holoflow.Notifications;

/// <summary>A rule as it is stored.</summary>
sealed record StoredRule(Guid Id, string Name, NotificationRule Rule);

/// <summary>A run in a state that somebody may want to hear of.</summary>
sealed record ChangedRun(Guid Id, long Version, RunInState InState, NotificationContent Content);

/// <summary>A notification whose time has come.</summary>
/// <param name="Id">The delivery's id.</param>
/// <param name="RuleName">For the log.</param>
/// <param name="Target">webhook, email or events.</param>
/// <param name="Address">Where to.</param>
/// <param name="Template">The rule's.</param>
/// <param name="Secret">The name of the file with the key.</param>
/// <param name="Content">JSON of what is told; <c>{}</c>: a trial.</param>
/// <param name="CreatedAt">When there was something to tell.</param>
/// <param name="Attempts">How many there were.</param>
/// <param name="NextAt">By which it is claimed.</param>
sealed record DueDelivery(Guid Id, string RuleName, string Target, string Address, string? Template, string? Secret, string Content, DateTimeOffset CreatedAt, int Attempts, DateTimeOffset NextAt);
