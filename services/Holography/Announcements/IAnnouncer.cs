namespace Holoflow.HolographyFlow.Announcements;

/// <summary>
/// Tells others what becomes of a run. An event may be told more than once: its id is then the same. What carries events elsewhere (a broker of the
/// observatory) is another one of these, chosen in <see cref="Announcers.To"/>.
/// </summary>
interface IAnnouncer
{
    /// <summary>Tells one event; returns when it is accepted.</summary>
    /// <exception cref="AnnouncementException">It was not accepted; the message says by whom and why.</exception>
    Task AnnounceAsync(FlowEvent announced, CancellationToken cancellation);
}

/// <summary>An event was not accepted.</summary>
sealed class AnnouncementException(string message, Exception? inner = null) : Exception(message, inner);
