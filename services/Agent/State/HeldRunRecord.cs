using Holoflow.Contracts;

namespace Holoflow.Agent.State;

/// <summary>What an agent must know of a run that it holds, to go on after it was killed. Written before the process starts.</summary>
sealed record HeldRunRecord
{
    public required Guid RunId { get; init; }

    public required string RunName { get; init; }

    public required string FlowName { get; init; }

    /// <summary>The agent that was granted the run: not always the one that finishes it.</summary>
    public required string AgentId { get; init; }

    public required long Epoch { get; init; }

    public required int Attempt { get; init; }

    public required double LeaseSeconds { get; init; }

    public required string RunDirectory { get; init; }

    /// <summary>0: none.</summary>
    public double TimeoutSeconds { get; init; }

    public required string Host { get; init; }

    /// <summary>The kernel's name for this start of the machine: process ids of another one mean nothing.</summary>
    public required string BootId { get; init; }

    /// <summary>False: what could not be started ends, instead of waiting for another agent.</summary>
    public bool GiveBack { get; init; }

    /// <summary>The cluster profile that the run is a Slurm job of; null: it is a process of this machine.</summary>
    public string? Cluster { get; init; }

    public WantedOfRun Wanted { get; init; }

    public string? Reason { get; init; }

    /// <summary>The name of the record's file.</summary>
    public string Key => $"{RunId:N}.{Epoch}";

    public static string ThisBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
