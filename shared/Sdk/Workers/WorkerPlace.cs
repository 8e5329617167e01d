using System.Globalization;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>Where a worker works, as its environment says.</summary>
/// <param name="Directory">The allocation's directory.</param>
/// <param name="Slot">The slot that it fills.</param>
/// <param name="Start">Which process in that slot it is, from 0.</param>
sealed record WorkerPlace(WorkerDirectory Directory, int Slot, int Start)
{
    public static WorkerPlace FromEnvironment(string directory) => new(new WorkerDirectory(directory), Number(RunEnvironment.WorkerSlot), Number(RunEnvironment.WorkerStart));

    static int Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, null, out var number) ? number : 0;
}
