using System.Net;
using System.Text.Json;
using Holoflow.HolographyFlow.Flows;
using Holoflow.Sdk.Testing;
using Holoflow.Servers;

namespace Holoflow.HolographyFlow.Tests.Flows;

/// <summary>Runs that are stopped: a task that takes longer than its walltime, a person who cancels; and who is told.</summary>
public sealed class StoppedTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_that_outlasts_its_walltime_times_out_is_tried_once_more_and_a_later_attempt_goes_on()
    {
        using var observation = await SmallObservation.Simulate();
        var time = new HastyTime { IsOverAtOnce = delay => delay > TimeSpan.FromMinutes(10) };
        using var flow = FlowTest.Of(HolographyMainFlow.Holography, observation.Reduction, new FlowTestOptions { Time = time });
        var late = await flow.Run(Cancellation);
        Assert.Equal("Failed", late.State.Name);
        var timedOut = late.TaskRuns.Where(task => task.State?.Name == "TimedOut").ToArray();
        Assert.NotEmpty(timedOut);
        Assert.All(timedOut, task => Assert.True(task.Executions == 2 && task.State!.Message!.Contains("00:30:00", StringComparison.Ordinal), $"{task}: {task.State}"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(observation.Root, "intermediate"), "*.partial"));

        time.IsOverAtOnce = _ => false;
        var resumed = await flow.Run(Cancellation);
        Assert.True(resumed.State.IsCompleted, $"{resumed.State}\n{resumed.Failure}");
        Assert.True(resumed.Result.IsComplete);
    }

    [Fact]
    public async Task A_cancelled_run_is_announced_and_ends_between_two_steps_of_a_task()
    {
        using var observation = await SmallObservation.Simulate(p => p with { Channels = 32 });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var listener = new EventListener { OnEvent = _ => cancel.Cancel() };
        using var flow = observation.Flow(p => p with { AnnounceTo = listener.Address });
        var run = await flow.Run(cancel.Token);
        Assert.Equal("Cancelled", run.State.Name);
        Assert.Equal(["started", "cancelled"], listener.States);

        var again = await flow.Run(Cancellation);
        Assert.True(again.State.IsCompleted, $"{again.State}\n{again.Failure}");
        Assert.Equal(["started", "cancelled", "started", "completed"], listener.States);
        Assert.All(listener.Bodies, body => Assert.Equal(SmallObservation.Sbid, body.GetProperty("data").GetProperty("flowRun").GetProperty("schedulingBlock").GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task A_run_goes_on_where_nobody_takes_its_start_and_fails_at_its_last_step_where_nobody_takes_its_end()
    {
        using var observation = await SmallObservation.Simulate();
        using var listener = new EventListener { Answer = HttpStatusCode.ServiceUnavailable };
        using var flow = FlowTest.Of(HolographyMainFlow.Holography, observation.Reduction with { AnnounceTo = listener.Address }, new FlowTestOptions { Time = new HastyTime { IsOverAtOnce = delay => delay < TimeSpan.FromMinutes(1) } });
        var run = await flow.Run(Cancellation);
        Assert.Equal("Failed", run.State.Name);
        Assert.Contains("answered 503", run.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(run.Logs, log => log.Message.StartsWith("nobody was told", StringComparison.Ordinal));
        Assert.Equal(4, run.TaskRuns.Single(task => task.TaskName == "announce").Executions);

        listener.Answer = HttpStatusCode.Accepted;
        var told = await flow.Run(Cancellation);
        Assert.True(told.State.IsCompleted, $"{told.State}\n{told.Failure}");
        Assert.Equal("completed", listener.States[^1]);
        Assert.Equal(1, told.TaskRuns.Single(task => task.TaskName == "write-cube").Executions);
    }

    /// <summary>A clock on which some delays are over before anything else happens.</summary>
    sealed class HastyTime : TimeProvider
    {
        public required Func<TimeSpan, bool> IsOverAtOnce { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan || period != Timeout.InfiniteTimeSpan || !IsOverAtOnce(dueTime))
                return base.CreateTimer(callback, state, dueTime, period);
            callback(state);
            return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes events by HTTP, as an observatory's gateway would.</summary>
    sealed class EventListener : IDisposable
    {
        readonly HttpListener _listener = new();

        public EventListener()
        {
            Address = $"http://127.0.0.1:{FreePort.Next()}/events/";
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Listen();
        }

        public Action<string> OnEvent { get; init; } = _ => { };

        public string Address { get; }

        public HttpStatusCode Answer { get; set; } = HttpStatusCode.Accepted;

        public List<JsonElement> Bodies { get; } = [];

        public IReadOnlyList<string> States => [.. Bodies.Select(body => body.GetProperty("type").GetString()!.Split('.')[^1])];

        public void Dispose() => _listener.Close();

        async Task Listen()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext call;
                try
                {
                    call = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                Assert.StartsWith("application/cloudevents+json", call.Request.ContentType, StringComparison.Ordinal);
                var body = (await JsonDocument.ParseAsync(call.Request.InputStream)).RootElement;
                Bodies.Add(body);
                // Before the answer: the run waits for it.
                OnEvent(body.GetProperty("type").GetString()!);
                call.Response.StatusCode = (int)Answer;
                call.Response.Close();
            }
        }
    }
}
