using System.Diagnostics;
using Holoflow.Sdk;
using Holoflow.Sdk.Slurm;

// A test holds the other end of its input: where the test is killed, the program does not live on. Jobs do not get the variable.
if (Environment.GetEnvironmentVariable("HOLOFLOW_TEST_HOLDS_INPUT") is not null)
{
    new Thread(() =>
    {
        while (Console.In.Read() >= 0)
            continue;
        Process.GetCurrentProcess().Kill();
    }) { IsBackground = true }.Start();
}

return await FlowProgram.RunAsync(args, new SlurmTasks());
