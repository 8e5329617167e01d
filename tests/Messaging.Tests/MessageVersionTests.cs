using System.Diagnostics;
using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

/// <summary>Two services of different versions: what is not known is not guessed at.</summary>
public sealed class MessageVersionTests
{
    static readonly JsonElement Claim = JsonDocument.Parse("""{"runId":"019cb000-0000-7000-8000-000000000000","agentId":"a","offerId":"019cb000-0000-7000-8000-000000000000"}""").RootElement;

    [Fact]
    public void A_message_of_a_newer_schema_is_refused_with_what_to_do()
    {
        var refused = Assert.Throws<MessagingException>(() => new WireMessage("claim-run", 2, Claim).Read<ClaimRun>());
        Assert.Equal("'claim-run' has schema version 2, sent by a newer Holoflow; this one reads up to 1: upgrade this service", refused.Message);
    }

    [Fact]
    public void A_message_that_is_another_is_refused() =>
        Assert.Equal("expected 'claim-run', got 'eat-run'", Assert.Throws<MessagingException>(() => new WireMessage("eat-run", 1, Claim).Read<ClaimRun>()).Message);

    [Fact]
    public void A_message_is_told_of_by_its_name_and_version_and_not_by_what_it_holds() =>
        Assert.Equal("'claim-run' of schema version 2", new WireMessage("claim-run", 2, Claim).ToString());

    [Fact]
    public void The_trace_of_a_run_has_the_runs_id_and_costs_nothing_where_nobody_listens()
    {
        var run = new Guid("019cb000-0000-7000-8000-00000000000a");
        Assert.Equal("019cb0000000700080000000" + "0000000a", RunTrace.IdOf(run).ToString());
        using var listener = new ActivityListener { ShouldListenTo = source => source == RunTrace.Source, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        Assert.Null(RunTrace.Start("before", run));
        ActivitySource.AddActivityListener(listener);
        using var span = RunTrace.Start("after", run);
        Assert.Equal($"00-{run:N}-{span!.SpanId}-01", RunTrace.Parent(span));
        using var inner = RunTrace.Start("inside", run);
        Assert.Equal(span.SpanId, inner!.ParentSpanId);
    }
}
