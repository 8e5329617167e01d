using Holoflow.Domain.Notifications;

namespace Holoflow.Notifications.Targets;

/// <summary>One attempt to tell somebody.</summary>
/// <param name="DeliveryId">The same for every attempt: what a receiver knows a repeat by.</param>
/// <param name="Address">Where to.</param>
/// <param name="Template">The rule's; null: the target's own form.</param>
/// <param name="Secret">The name of the file with the key; null: it is not signed.</param>
/// <param name="Content">What is told.</param>
sealed record NotificationToSend(Guid DeliveryId, string Address, string? Template, string? Secret, NotificationContent Content);

/// <summary>A way by which notifications leave.</summary>
interface INotificationTarget
{
    /// <summary>Tries once; it does not throw for what can be expected to go wrong.</summary>
    Task<DeliveryOutcome> Send(NotificationToSend notification, CancellationToken cancellation);
}
