using Holoflow.Load.Stack;

namespace Holoflow.Load.Chaos;

/// <summary>What was done to the stack, and what the checker found.</summary>
/// <param name="Seed">Repeats the order and the moments of the kills.</param>
/// <param name="Kills">Processes killed.</param>
/// <param name="Repeats">Requests that had to be sent again.</param>
/// <param name="Runs">Runs accepted.</param>
/// <param name="Tasks">Task runs checked.</param>
/// <param name="Faults">What is lost, doubled, stuck or illegal, each in one line.</param>
sealed record ChaosResult(int Seed, int Kills, int Repeats, int Runs, long Tasks, IReadOnlyList<string> Faults)
{
    public override string ToString() =>
        $"seed {Seed}: {Kills} kills, {Repeats} requests repeated, {Runs} runs accepted, {Tasks} task runs checked, {Faults.Count} faults{string.Concat(Faults.Take(20).Select(f => "\n  " + f))}";
}

/// <summary>Kills every service and every agent at random moments under load, and checks that nothing is lost, done twice, stuck or illegal.</summary>
static class ChaosRun
{
    const int Clients = 4;

    /// <summary>Runs accepted between two kills, at most.</summary>
    const int MostBetween = 4;

    const int TellEvery = 10;
    const string Open = "SELECT COUNT(*) FROM flow_runs WHERE state_type NOT IN ('Completed', 'Failed', 'Crashed', 'Cancelled')";
    const string Lines = "SELECT COUNT(*) FROM log_lines WHERE logger = 'stdout'";
    static readonly string[] Agents = ["agent-1", "agent-2"];
    static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(5);

    /// <param name="kills">Of each service and each agent.</param>
    /// <param name="seed">For order and moments.</param>
    /// <param name="tell">Is told how far it is, every few kills: a long run that somebody ends has said something.</param>
    public static async Task<ChaosResult> Run(int kills, int seed, Action<string>? tell = null)
    {
        await using var stack = await LoadStack.Start();
        foreach (var agent in Agents)
            await stack.StartAgent(agent, slots: 4);
        var witness = Path.Combine(stack.Folder, "executions");
        using var http = new HttpClient { BaseAddress = stack.Api };
        var submissions = new Submissions(http, new RunRequest("witness", WitnessFlow.Write(stack.Folder, witness)), Clients);
        using var stop = new CancellationTokenSource();
        // No more waits than the agents can take soon: the kills are to meet runs in every stage.
        var submitting = submissions.Run(() => stack.Until("SELECT COUNT(*) FROM flow_runs WHERE state_type = 'Scheduled'", waiting => waiting < Clients, SettlingTime), stop.Token);
        var killed = await Kill(stack, submissions, kills, new Random(seed), tell);
        await stop.CancelAsync();
        await submitting;
        tell?.Invoke($"{killed} kills; waiting until every run has ended");
        await Settle(stack, submissions.Accepted.Count);
        var (tasks, faults) = await ChaosCheck.Run(stack, submissions.Accepted, witness);
        return new ChaosResult(seed, killed, submissions.Repeats, submissions.Accepted.Count, tasks, faults);
    }

    static async Task<int> Kill(LoadStack stack, Submissions submissions, int kills, Random random, Action<string>? tell)
    {
        var victims = LoadStack.Services.Concat(Agents).SelectMany(name => Enumerable.Repeat(name, kills)).ToArray();
        random.Shuffle(victims);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2 + victims.Length));
        foreach (var (number, victim) in victims.Index())
        {
            if (number > 0 && number % TellEvery == 0)
                tell?.Invoke($"{number} of {victims.Length} kills, {submissions.Accepted.Count} runs accepted, {submissions.Repeats} requests repeated, {await stack.Count(Open)} runs open");
            await submissions.AcceptedMore(random.Next(1, MostBetween + 1), patience.Token);
            await stack.Kill(victim);
            stack.StartAgain(victim);
        }

        return victims.Length;
    }

    static async Task Settle(LoadStack stack, int runs)
    {
        try
        {
            await stack.Until(Open, open => open == 0, SettlingTime);
            // A run ends when the broker has its lines: who stores them may have been the last that was killed.
            await stack.Until(Lines, lines => lines >= runs * WitnessFlow.Tasks, SettlingTime);
        }
        catch (OperationCanceledException)
        {
            // The checker says what is still open, or missing.
        }
    }
}
