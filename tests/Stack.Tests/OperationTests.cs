using System.Net;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>What an operator sees of the services: traces, health, why one does not start, and that it stops when it is told to.</summary>
public sealed class OperationTests(WatchedStack stack) : IClassFixture<WatchedStack>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task One_trace_follows_a_run_from_the_request_to_the_process_over_all_services()
    {
        var folder = stack.Folder();
        var (script, told) = (Path.Combine(folder, "flow.sh"), Path.Combine(folder, "told"));
        ExecutableFile.Write(script, $"#!/bin/sh\nprintenv TRACEPARENT > {told}\necho a line of its log\n");
        var run = (await stack.Client.FlowRuns.Create(new CreateFlowRun { FlowName = "traced", Program = new FlowProgram { Path = script } }, cancellation: Cancellation)).Id;
        await foreach (var update in stack.Client.FlowRuns.Follow(run, cancellation: Cancellation))
        {
            if (update is RunEnded)
                break;
        }

        var trace = run.ToString("N");
        string[] wanted = ["holoflow-agent launch run", "holoflow-api request submit-run", "holoflow-scheduler publish run-offered", "holoflow-state-store handle claim-run", "holoflow-state-store handle submit-run"];
        _ = await stack.Receiver.Until(
            (spans, metrics) => wanted.All(w => spans.Any(s => s.TraceId == trace && $"{s.Service} {s.Name}" == w)) && metrics.Contains("holoflow.message.handled"),
            Cancellation);
        Assert.Matches($"^00-{trace}-[0-9a-f]{{16}}-01\n$", await File.ReadAllTextAsync(told, Cancellation));
    }

    [Fact(Timeout = 300_000)]
    public async Task Every_service_says_that_it_lives_and_is_ready()
    {
        foreach (var service in ServiceStack.Services)
        {
            using var http = new HttpClient { BaseAddress = stack.Health(service) };
            await ServiceProcess.Ready(http.BaseAddress);
            Assert.Equal("alive\n", await http.GetStringAsync("healthz", Cancellation));
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task No_service_listens_beyond_loopback_and_a_planted_secret_is_on_no_command_line_page_or_log_line()
    {
        foreach (var service in ServiceStack.Services)
        {
            using var http = new HttpClient { BaseAddress = stack.Health(service) };
            await ServiceProcess.Ready(http.BaseAddress);
            var process = ServiceProcess.Of(service, http.BaseAddress.Port);
            var listeners = ListeningSockets.Of(process);
            Assert.Contains(listeners, l => l.Port == http.BaseAddress.Port);
            Assert.All(listeners, l => Assert.True(IPAddress.IsLoopback(l.Address), $"{service} listens on {l}"));
            Assert.DoesNotContain(stack.Secret, await File.ReadAllTextAsync($"/proc/{process}/cmdline", Cancellation), StringComparison.Ordinal);
            Assert.DoesNotContain(stack.Secret, await File.ReadAllTextAsync($"/proc/{process}/environ", Cancellation), StringComparison.Ordinal);
            Assert.DoesNotContain(stack.Secret, stack.OutputOf(service), StringComparison.Ordinal);
            foreach (var page in (string[])["healthz", "readyz", "nothing"])
            {
                using var response = await http.GetAsync(page, Cancellation);
                Assert.DoesNotContain(stack.Secret, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_service_whose_database_is_upgraded_under_it_is_not_ready_and_one_that_starts_then_is_refused()
    {
        var location = await NewDatabase("upgraded");
        var environment = stack.EnvironmentOf("Scheduler");
        environment["HOLOFLOW_DATABASE"] = location;
        var port = Servers.FreePort.Next();
        environment["HOLOFLOW_HEALTH_PORT"] = port.ToString();
        using var service = ServiceProcess.Start("Scheduler", environment);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await ServiceProcess.Ready(http.BaseAddress);

        await using (var writer = new DatabaseWriter(Database.At(location)))
            _ = await writer.Write(session => session.Execute("INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'later', 0)"), Cancellation);

        using (var response = await http.GetAsync("readyz", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("made by a newer Holoflow", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await service.Stop()).ExitCode);
        environment["HOLOFLOW_HEALTH_PORT"] = Servers.FreePort.Next().ToString();
        await ServiceProcess.Refused("Scheduler", environment, "has schema version 999, made by a newer Holoflow");
        await ServiceProcess.Refused("StateStore", environment, "has schema version 999, made by a newer Holoflow");
        await ServiceProcess.Refused("Api", environment, "has schema version 999, made by a newer Holoflow");
    }

    [Theory(Timeout = 300_000)]
    [InlineData("StateStore", "HOLOFLOW_DATABASE", "postgresql://stranger@{0}/postgres", "role \"stranger\" does not exist")]
    [InlineData("Scheduler", "HOLOFLOW_DATABASE", "postgresql://postgres@{0}/nowhere", "database \"nowhere\" does not exist")]
    [InlineData("Api", "HOLOFLOW_RABBITMQ_PASSWORD_FILE", "/proc/self/comm", "ACCESS_REFUSED")]
    [InlineData("Agent", "HOLOFLOW_RABBITMQ_PASSWORD_FILE", "/proc/self/comm", "ACCESS_REFUSED")]
    [InlineData("LogIngest", "HOLOFLOW_RABBITMQ", "amqp://guest@127.0.0.1:9/", "127.0.0.1:9")]
    [InlineData("Api", "HOLOFLOW_API_LISTEN", "0.0.0.0:0", "ask for API tokens, but there is none that is valid")]
    public async Task What_refuses_a_start_is_one_line_and_exit_code_2(string service, string variable, string value, string says)
    {
        var environment = stack.EnvironmentOf(service);
        _ = environment.Remove("HOLOFLOW_HEALTH_PORT");
        environment[variable] = value.Replace("{0}", new Uri(stack.DatabaseAddress).Authority, StringComparison.Ordinal);
        environment["HOLOFLOW_AGENT_NAME"] = "another";
        await ServiceProcess.Refused(service, environment, says);
    }

    [Fact(Timeout = 300_000)]
    public async Task All_mistakes_of_the_settings_are_named_at_once()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLOFLOW_RABBITMQ"] = "rabbit", ["HOLOFLOW_RABBITMQ_PASSWORD"] = "canary", ["HOLOFLOW_API_LISTEN"] = "everywhere", ["HOLOFLOW_API_PORT"] = "-1", ["HOLOFLOW_HEALTH_PORT"] = "x",
            ["HOLOFLOW_LOG_LEVEL"] = "Loud", ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector", ["HOLOFLOW_DATABASE_PASSWORD_FILE"] = "/no/such/file",
        };
        using var service = ServiceProcess.Start("Api", environment);
        var (code, errors) = await service.Ended();
        Assert.Equal(2, code);
        string[] named =
        [
            "HOLOFLOW_DATABASE is not set", "HOLOFLOW_DATABASE_PASSWORD_FILE: '/no/such/file'", "HOLOFLOW_RABBITMQ is no address", "HOLOFLOW_RABBITMQ_PASSWORD is set: a secret", "HOLOFLOW_API_LISTEN is 'everywhere'",
            "HOLOFLOW_API_PORT is '-1'", "HOLOFLOW_HEALTH_PORT is 'x'", "HOLOFLOW_LOG_LEVEL is 'Loud'", "OTEL_EXPORTER_OTLP_ENDPOINT is 'collector'",
        ];
        Assert.All(named, mistake => Assert.Contains(mistake, errors, StringComparison.Ordinal));
        Assert.Equal(named.Length, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("canary", errors, StringComparison.Ordinal);
    }

    async Task<string> NewDatabase(string name)
    {
        await using (var connection = await Database.At(stack.DatabaseAddress).OpenForReading(Cancellation))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {name}";
            _ = await command.ExecuteNonQueryAsync(Cancellation);
        }

        var location = new UriBuilder(stack.DatabaseAddress) { Path = name }.Uri.AbsoluteUri;
        _ = await Database.At(location).Upgrade(Cancellation);
        return location;
    }
}
