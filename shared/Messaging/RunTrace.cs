using System.Diagnostics;

namespace Holoflow.Messaging;

/// <summary>
/// The trace of a flow run. Its id is the run's own, so that every service adds to it, days later and after any restart, without anything
/// having been stored or handed on. Without a listener nothing is made.
/// </summary>
public static class RunTrace
{
    /// <summary>What spans and figures are recorded under.</summary>
    public static readonly ActivitySource Source = new("Holoflow");

    /// <summary>The trace's id.</summary>
    public static ActivityTraceId IdOf(Guid runId) => ActivityTraceId.CreateFromString(runId.ToString("N"));

    /// <summary>
    /// Starts a span of a run's trace: below what goes on now where that belongs to it, else beside it, and linked to it. Null: nobody listens.
    /// </summary>
    public static Activity? Start(string name, Guid runId, ActivityKind kind = ActivityKind.Internal)
    {
        if (!Source.HasListeners())
            return null;
        var trace = IdOf(runId);
        var current = Activity.Current;
        if (current?.TraceId == trace)
            return Source.StartActivity(name, kind);
        // The run itself is the parent of all; its span's id is made of the run's, for there is no process that lives as long as it.
        var run = new ActivityContext(trace, ActivitySpanId.CreateFromString(runId.ToString("N").AsSpan(16)), ActivityTraceFlags.Recorded, isRemote: true);
        return Source.StartActivity(name, kind, run, links: current is null ? null : [new ActivityLink(current.Context)]);
    }

    /// <summary>The span as a process is told of it in the variable TRACEPARENT (W3C Trace Context).</summary>
    public static string? Parent(Activity? span) => span is null ? null : $"00-{span.TraceId}-{span.SpanId}-{(span.Recorded ? "01" : "00")}";
}
