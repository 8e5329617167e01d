using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Where what a run and its tasks have to say goes: into the run's journal, or, from a worker, into a file from which the flow process takes it there.</summary>
interface IEntrySink
{
    RunDirectory Directory { get; }

    TimeProvider Time { get; }

    void Append(JournalEntry entry);
}
