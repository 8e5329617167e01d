using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Definitions;

public abstract class DefinitionTests : StoreTests
{
    [Fact]
    public async Task A_deployment_applied_again_changes_nothing_and_keeps_its_schedules_place()
    {
        await using var store = await Start();
        var deployment = Deployment() with { Queue = "new queue", Schedules = [new ScheduleDefinition { Cron = "0 3 * * *" }, new ScheduleDefinition { IntervalSeconds = 60 }] };
        var first = await store.Ask(deployment);
        Assert.Equal((CommandOutcome.Accepted, 1L), (first.Outcome, first.Version));
        var again = await store.Ask(deployment);
        Assert.Equal((CommandOutcome.Ignored, 1L, first.Id), (again.Outcome, again.Version, again.Id));
        var ids = await store.Rows("SELECT id FROM schedules WHERE cron IS NOT NULL");
        var changed = await store.Ask(deployment with { CommandId = Guid.CreateVersion7(), Schedules = [new ScheduleDefinition { Cron = "0 3 * * *" }] });
        Assert.Equal((CommandOutcome.Accepted, 2L), (changed.Outcome, changed.Version));
        Assert.Equal(ids, await store.Rows("SELECT id FROM schedules"));
        Assert.Equal(["default", "new queue"], await store.Rows("SELECT name FROM work_queues ORDER BY name"));
    }

    [Fact]
    public async Task A_run_of_a_deployment_takes_its_defaults_and_overrides_them()
    {
        await using var store = await Start();
        var id = (await store.Ask(Deployment() with { Tags = ["night"], Parameters = StoreUnderTest.Json("""{"beam": 1, "field": "Vela"}""") })).Id;
        var submit = new SubmitRun { RunId = Guid.CreateVersion7(), DeploymentId = id, Parameters = StoreUnderTest.Json("""{"beam": 7}"""), Tags = ["by hand"] };
        var run = await store.Granted(submit);
        Assert.True(JsonElement.DeepEquals(StoreUnderTest.Json("""{"field":"Vela","beam":7}"""), run.Parameters), run.Parameters.GetRawText());
        Assert.Equal(["night", "by hand"], run.Tags);
        Assert.Equal("nightly", run.DeploymentName);
    }

    [Theory]
    [InlineData("61 3 * * *", null, "schedules[0].cron")]
    [InlineData(null, null, "schedules[0].schedule")]
    [InlineData(null, -1.0, "schedules[0].intervalSeconds")]
    public async Task A_schedule_that_makes_no_sense_is_refused_by_name_and_nothing_is_kept(string? cron, double? interval, string field)
    {
        await using var store = await Start();
        var answer = await store.Ask(Deployment() with { Schedules = [new ScheduleDefinition { Cron = cron, IntervalSeconds = interval }] });
        Assert.Equal((CommandOutcome.Refused, field), (answer.Outcome, answer.Field));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM deployments"));
    }

    [Fact]
    public async Task Bad_input_is_refused_by_the_name_of_its_field()
    {
        await using var store = await Start();
        SubmitRun good = store.NewRun();
        (SubmitRun Message, string Field)[] bad =
        [
            (good with { FlowName = "" }, "flowName"),
            (good with { FlowName = new string('x', 251) }, "flowName"),
            (good with { RunName = "a\0b" }, "runName"),
            (good with { Tags = ["a\u0001b"] }, "tags"),
            (good with { Parameters = StoreUnderTest.Json("[]") }, "parameters"),
            (good with { Program = null }, "program"),
            (good with { IdempotencyKey = "" }, "idempotencyKey"),
            (good with { DeploymentId = Guid.CreateVersion7() }, "deploymentId"),
        ];
        foreach (var (message, field) in bad)
            Assert.Equal(field, (await store.Ask(message)).Field);
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM flow_runs"));
    }

    [Fact]
    public async Task A_deleted_deployment_takes_its_waiting_runs_and_schedules_with_it()
    {
        await using var store = await Start();
        var id = (await store.Ask(Deployment() with { Schedules = [new ScheduleDefinition { IntervalSeconds = 60 }] })).Id!.Value;
        await store.Ask(new SubmitRun { RunId = Guid.CreateVersion7(), DeploymentId = id, Parameters = StoreUnderTest.Json("{}") });
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteDeployment(id))).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(new DeleteDeployment(id))).Outcome);
        Assert.Equal(["Cancelled|deployment 'observe/nightly' was deleted|nightly"], await store.Rows("SELECT state_type, state_message, deployment_name FROM flow_runs"));
        Assert.Equal(0L, await store.Scalar("SELECT COUNT(*) FROM schedules"));
    }

    [Fact]
    public async Task A_queue_that_is_used_is_not_deleted()
    {
        await using var store = await Start();
        await store.Ask(Deployment() with { Queue = "beams" });
        Assert.Contains("deployment 'observe/nightly' uses", (await store.Ask(new DeleteQueue("beams"))).Reason, StringComparison.Ordinal);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new DeleteQueue("default"))).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await store.Ask(new DeleteQueue("none"))).Outcome);
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new DefineQueue("beams") { CreateOnly = true })).Outcome);
        await store.Ask(new DefineQueue("empty"));
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteQueue("empty"))).Outcome);
    }

    [Fact]
    public async Task A_deleted_run_leaves_nothing_behind()
    {
        await using var store = await Start();
        var run = await store.Started(store.NewRun(parameters: """{"beam": 1}""") with { Tags = ["night"] });
        var journal = new JournalOfTest();
        var nested = journal.Nested("inner");
        var tasks = Enumerable.Range(0, 2500).Select(i => journal.Created($"t-{i}", i % 2 == 0 ? nested : null)).ToList();
        journal.Created("last-1", inputs: [new TaskEdge(tasks[0], "x")]);
        await store.Ask(journal.Report(run));
        Assert.Equal(CommandOutcome.Refused, (await store.Ask(new DeleteRun(run.RunId))).Outcome);
        await store.Report(run, RunReport.Completed);
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(new DeleteRun(run.RunId))).Outcome);
        foreach (var table in new[] { "flow_runs", "flow_run_contents", "flow_run_tags", "flow_run_parameters", "flow_run_states", "task_runs", "task_run_states", "task_edges" })
            Assert.Equal(0L, await store.Scalar($"SELECT COUNT(*) FROM {table}"));
    }

    static DefineDeployment Deployment() => new()
    {
        FlowName = "observe",
        Name = "nightly",
        Program = new RunProgram { Path = "/opt/observe.dll" },
        ParameterSchema = StoreUnderTest.Json("{}"),
        Parameters = StoreUnderTest.Json("{}"),
        Queue = "default",
        Infrastructure = "process",
    };
}
