using System.Net;
using System.Text.Json;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Schedules;
using Holoflow.Client;

namespace Holoflow.Api.Tests;

/// <summary>Deployments by id and by FLOW/NAME, their schedules and runs.</summary>
public sealed class DeploymentTests
{
    const string Schema = """
        {"type":"object","properties":{"beams":{"type":"integer","minimum":1,"maximum":36,"default":36},"scan":{"type":"string"}},"required":["scan"],"additionalProperties":false}
        """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static DeploymentDefinition Definition => new()
    {
        Program = PlayedRun.Program,
        ParameterSchema = JsonElement.Parse(Schema),
        Parameters = JsonElement.Parse("""{"beams":3}"""),
        Tags = ["nightly"],
        Schedules = [],
    };

    [Fact]
    public async Task A_deployment_is_made_replaced_found_listed_and_removed()
    {
        await using var api = await RunningApi.Start();
        var deployments = api.Client.Deployments;
        var made = await deployments.Put("holography", "nightly run", Definition, Cancellation);
        Assert.True(made.Changed);
        var found = await deployments.Get(DeploymentKey.Parse("holography/nightly run"), Cancellation);
        Assert.Equal(made.Id, found.Id);
        Assert.Equal("default", found.Queue);
        Assert.Equal(3, found.Parameters.GetProperty("beams").GetInt32());
        Assert.Equal(PlayedRun.Program.Path, found.Program.Path);

        var replaced = await deployments.Put("holography", "nightly run", Definition with { Description = "second" }, Cancellation);
        Assert.Equal(made.Id, replaced.Id);
        Assert.Equal("second", (await deployments.Get(made.Id!.Value, Cancellation)).Description);
        Assert.False((await deployments.Put("holography", "nightly run", Definition with { Description = "second" }, Cancellation)).Changed);

        for (var i = 0; i < 7; i++)
            _ = await deployments.Put("other", $"d{i}", Definition with { Tags = i % 2 == 0 ? ["even"] : [] }, Cancellation);
        var names = await deployments.List(new DeploymentFilter { Limit = 3 }, Cancellation).Select(d => d.Name).ToListAsync(Cancellation);
        Assert.Equal(["nightly run", "d0", "d1", "d2", "d3", "d4", "d5", "d6"], names);
        Assert.Equal(4, await deployments.List(new DeploymentFilter { Tags = ["even"], Limit = 3 }, Cancellation).CountAsync(Cancellation));

        Assert.True((await deployments.Delete(made.Id!.Value, Cancellation)).Changed);
        var gone = await Assert.ThrowsAsync<ApiRefusedException>(() => deployments.Get(made.Id!.Value, Cancellation));
        Assert.Equal(404, gone.Status);
    }

    [Theory]
    [InlineData("""{"program":{"path":"relative.dll"}}""", "program.path", 400)]
    [InlineData("""{}""", "program", 400)]
    [InlineData("""{"program":{}}""", "program.path", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"colour":1}""", "colour", 400)]
    [InlineData("""{"program":{"path":"/p.dll","shell":"rm"}}""", "program.shell", 400)]
    [InlineData("""{"program":{"path":"/p.dll","retries":-1}}""", "program.retries", 400)]
    [InlineData("""{"program":{"path":"/p.dll","retries":"many"}}""", "program.retries", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"tags":["ok","bad\u0000"]}""", "tags[1]", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"tags":[null]}""", "tags[0]", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"queue":"a/b"}""", "queue", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"description":"half \ud800"}""", "description", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"infrastructure":"kubernetes"}""", "infrastructure", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"infrastructure":"slurm"}""", "program.cluster", 400)]
    [InlineData("""{"program":{"path":"/p.dll","cluster":"galaxy"},"infrastructure":"process"}""", "program.cluster", 400)]
    [InlineData("""{"program":{"path":"/p.dll","cluster":" "},"infrastructure":"slurm"}""", "program.cluster", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"schedules":[{"cron":"99 * * * *"}]}""", "schedules[0].cron", 422)]
    [InlineData("""{"program":{"path":"/p.dll"},"schedules":[{"cron":"* * * * *","timeZone":"Mars/Base"}]}""", "schedules[0].timeZone", 422)]
    [InlineData("""{"program":{"path":"/p.dll"},"schedules":[{}]}""", "schedules[0]", 422)]
    [InlineData("""{"program":{"path":"/p.dll"},"schedules":[{"intervalSeconds":-3}]}""", "schedules[0].intervalSeconds", 422)]
    [InlineData("""{"program":{"path":"/p.dll"},"schedules":[{"cron":"* * * * *","catchUp":"Sometimes"}]}""", "schedules[0].catchUp", 400)]
    [InlineData("""{"program":{"path":"/p.dll"},"program":{"path":"/q.dll"}}""", "body", 400)]
    [InlineData("""[1]""", "body", 400)]
    [InlineData("""{"program":""", "body", 400)]
    public async Task A_wrong_definition_is_refused_by_the_name_of_its_field(string json, string field, int status)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Send(HttpMethod.Put, "/api/deployments/f/n", json);
        Assert.Equal([field], await response.WrongFields((HttpStatusCode)status));
        using var list = await api.Get("/api/deployments");
        Assert.Equal(0, (await list.Json()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Send(HttpMethod.Put, "/api/deployments/f/n", """{"program":{"path":"x","retries":-1},"queue":"","tags":["\n"]}""");
        Assert.Equal(["program.path", "program.retries", "queue", "tags[0]"], await response.WrongFields());
    }

    [Fact]
    public async Task Parameters_are_checked_against_the_schema_with_the_defaults_of_the_deployment()
    {
        await using var api = await RunningApi.Start();
        _ = await api.Client.Deployments.Put("f", "n", Definition, Cancellation);
        using var wrong = await api.Post("/api/deployments/f/n/runs", """{"parameters":{"beams":99,"channel":1}}""");
        Assert.Equal(["parameters.beams", "parameters.channel", "parameters.scan"], await wrong.WrongFields(HttpStatusCode.UnprocessableEntity));

        var created = await api.Client.Deployments.Run(new DeploymentKey("f", "n"), new CreateDeploymentRun { Parameters = JsonElement.Parse("""{"scan":"$(rm -rf) \"'`\\ ../ 📡"}"""), Tags = ["by hand"] }, cancellation: Cancellation);
        var run = await api.Client.FlowRuns.Get(created.Id, Cancellation);
        Assert.Equal("$(rm -rf) \"'`\\ ../ 📡", run.Parameters.GetProperty("scan").GetString());
        Assert.Equal(3, run.Parameters.GetProperty("beams").GetInt32());
        Assert.Equal(["nightly", "by hand"], run.Tags);
        Assert.Equal("n", run.DeploymentName);
    }

    [Fact]
    public async Task Too_large_parameters_are_refused_by_name()
    {
        await using var api = await RunningApi.Start();
        _ = await api.Client.Deployments.Put("f", "n", Definition, Cancellation);
        using var large = await api.Post("/api/deployments/f/n/runs", "{\"parameters\":{\"scan\":\"" + new string('x', 1024 * 1024) + "\"}}");
        Assert.Equal(["parameters"], await large.WrongFields(HttpStatusCode.RequestEntityTooLarge));
        using var huge = await api.Post("/api/deployments/f/n/runs", "{\"parameters\":{\"scan\":\"" + new string('x', 9 * 1024 * 1024) + "\"}}");
        Assert.Equal(["body"], await huge.WrongFields(HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task Runs_of_what_is_not_there_and_at_impossible_times_are_refused()
    {
        await using var api = await RunningApi.Start();
        _ = await api.Client.Deployments.Put("f", "n", Definition, Cancellation);
        using var nowhere = await api.Post("/api/deployments/f/other/runs", "{}");
        _ = await nowhere.Problem(HttpStatusCode.NotFound);
        using var both = await api.Post("/api/deployments/f/n/runs", """{"parameters":{"scan":"s"},"at":"2030-01-01T00:00:00Z","delaySeconds":5}""");
        Assert.Equal(["delaySeconds"], await both.WrongFields());
        using var expired = await api.Post("/api/deployments/f/n/runs", """{"parameters":{"scan":"s"},"at":"2030-01-01T00:00:00Z","expiresAt":"2029-01-01T00:00:00Z"}""");
        Assert.Equal(["expiresAt"], await expired.WrongFields());
        using var never = await api.Post("/api/deployments/f/n/runs", """{"parameters":{"scan":"s"},"at":"tomorrow"}""");
        Assert.Equal(["at"], await never.WrongFields());
    }

    [Fact]
    public async Task Schedules_are_set_paused_and_resumed_and_tell_their_next_fire_times()
    {
        await using var api = await RunningApi.Start();
        DeploymentKey key = new("f", "n");
        _ = await api.Client.Deployments.Put("f", "n", Definition, Cancellation);
        var wrong = await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.Deployments.SetSchedules(key, [new ScheduleSpec { Cron = "0 3 * * *" }], Cancellation));
        Assert.Contains("schedules[0].parameters.scan", wrong.Problem.Errors!.Keys);

        var schedule = new ScheduleSpec { Cron = "0 3 * * *", TimeZone = "Europe/Amsterdam", Parameters = JsonElement.Parse("""{"scan":"s"}""") };
        Assert.True((await api.Client.Deployments.SetSchedules(key, [schedule], Cancellation)).Changed);
        var listed = Assert.Single(await api.Client.Schedules.List(5, Cancellation));
        Assert.Equal(5, listed.Next.Count);
        Assert.All(listed.Next, time => Assert.Equal(3, time.Hour));
        Assert.Equal(schedule.Cron, listed.Spec.Cron);

        Assert.True((await api.Client.Deployments.PauseSchedules(key, Cancellation)).Changed);
        Assert.False((await api.Client.Deployments.PauseSchedules(key, Cancellation)).Changed);
        var paused = await api.Client.Deployments.Get(key, Cancellation);
        Assert.True(paused.SchedulesPaused);
        Assert.Empty(Assert.Single(paused.ScheduleList).Next);
        Assert.True((await api.Client.Deployments.ResumeSchedules(key, Cancellation)).Changed);
        Assert.False((await api.Client.Deployments.Get(key, Cancellation)).SchedulesPaused);
    }
}
