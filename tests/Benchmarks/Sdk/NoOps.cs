using Holoflow.Sdk;

namespace Holoflow.Benchmarks;

/// <summary>The same no-op as a task and as plain pool work.</summary>
static class NoOps
{
    static readonly FlowTask<int, int> NoOp = FlowTask.Define("no-op", (int number, TaskContext task) => number);

    static readonly FlowTask<int, int> NotKept = FlowTask.Define("not-kept", (int number, TaskContext task) => number, new() { PersistResult = false });

    public static async Task AllAtOnce(int count) => await NoOp.Map(Enumerable.Range(0, count));

    public static async Task OneByOne(int count)
    {
        for (var number = 0; number < count; number++)
            await NoOp.Run(number);
    }

    public static async Task OneByOneNotKept(int count)
    {
        for (var number = 0; number < count; number++)
            await NotKept.Run(number);
    }

    public static async Task TwinAtOnce(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => number)));

    public static async Task TwinOneByOne(int count)
    {
        for (var number = 0; number < count; number++)
            await Task.Run(() => number);
    }

    public static Task LogLines(int count)
    {
        for (var line = 0; line < count; line++)
            Flow.Current.Log.Info("line {number}", line);
        return Task.CompletedTask;
    }
}
