namespace Holoflow.HolographyFlow.Announcements;

/// <summary>Tells others what becomes of a run. An event may be told more than once: its id is then the same.</summary>
interface IAnnouncer
{
    Task AnnounceAsync(FlowEvent announced, CancellationToken cancellation);
}
