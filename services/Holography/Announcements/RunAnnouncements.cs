using Holoflow.HolographyFlow.Observations;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.Sdk;

namespace Holoflow.HolographyFlow.Announcements;

/// <summary>The events of one run: who is told, and of what.</summary>
sealed class RunAnnouncements(HolographyParameters parameters, Workspace workspace, FlowContext flow)
{
    /// <summary>A file, or a web address.</summary>
    public string Target { get; } = parameters.AnnounceTo ?? workspace.Announcements;

    public FlowEvent Event(FlowEventState state, string? message = null) => FlowEvent.Of(
        state, flow.RunId, flow.Attempt, workspace.Products, parameters.Sbid, parameters.Site, parameters.Group, TimeProvider.System.GetUtcNow(), message);

    /// <summary>
    /// Tells an event for which the run neither waits long nor fails: that it started, or how it came to no products. Where nobody takes it, the
    /// run's log says so.
    /// </summary>
    public async Task Tell(FlowEventState state, string? message = null)
    {
        // The observation's own file is for an observation that is there.
        if (parameters.AnnounceTo is null && !Directory.Exists(workspace.Root))
            return;
        try
        {
            await Announcers.To(Target).AnnounceAsync(Event(state, message), CancellationToken.None);
        }
        catch (AnnouncementException e)
        {
            flow.Log.Warning("nobody was told: {reason}", e.Message);
        }
    }
}
