using Holoflow.RunProtocol.Journal;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>A job, or one task of a job array, that executes tasks of the flow.</summary>
sealed class Allocation
{
    public Allocation(ClusterJob job, int? index, int slots, DateTimeOffset now)
    {
        Job = job;
        Index = index;
        Slots = [.. Enumerable.Range(index ?? 0, slots).Select(i => new Slot(this, i))];
        IdleSince = now;
    }

    public ClusterJob Job { get; }

    /// <summary>Its index, where it is part of an array.</summary>
    public int? Index { get; }

    public IReadOnlyList<Slot> Slots { get; }

    public JobFate Fate { get; set; } = JobFate.Unknown;

    /// <summary>When it was seen to run.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Since when it has had no task.</summary>
    public DateTimeOffset IdleSince { get; set; }

    public string Node { get; set; } = "";

    /// <summary>What the journal was told of it last.</summary>
    public AllocationChanged? Told { get; set; }

    /// <summary>The tasks that it has begun since.</summary>
    public List<Guid> Begun { get; } = [];

    /// <summary>True once one of its workers has said that it works.</summary>
    public bool HasWorked { get; set; }

    /// <summary>True once one of its workers has begun a task.</summary>
    public bool HasExecuted { get; set; }

    /// <summary>True where it gets no more tasks, and ends.</summary>
    public bool IsReleased { get; set; }

    public bool IsOver { get; set; }

    public bool Runs => StartedAt is not null;

    public int Busy => Slots.Sum(slot => slot.Given.Count);

    /// <summary>What is left of its walltime; null: no limit, or it has not started.</summary>
    public TimeSpan? Remaining(DateTimeOffset now) => StartedAt is { } started && Job.Shape.Walltime is { } walltime ? started + walltime - now : null;

    /// <summary>The last line that its processes wrote to their standard error; empty where there is none.</summary>
    public string LastError()
    {
        try
        {
            var name = Index is { } index ? $"{index}" : "job";
            return Directory.EnumerateFiles(Job.Directory.Path, $"{name}.*.stderr").Order(StringComparer.Ordinal).LastOrDefault() is { } file
                ? File.ReadLines(file).LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim() ?? ""
                : "";
        }
        catch (IOException)
        {
            // It is only one more word.
            return "";
        }
    }

    public override string ToString() => Index is { } index ? $"{Job.Part}[{index}]" : Job.Part;
}

/// <summary>One submission to Slurm: an allocation of a pool, or an array of them.</summary>
/// <param name="part">What tells it from the run's other jobs.</param>
/// <param name="isArray">Whether it is an array, each of whose tasks has its work from the beginning.</param>
/// <param name="shape">What each allocation has.</param>
/// <param name="request">The request.</param>
sealed class ClusterJob(string part, bool isArray, AllocationShape shape, SubmitRequest request)
{
    public string Part => part;

    public bool IsArray => isArray;

    public AllocationShape Shape => shape;

    public SubmitRequest Request => request;

    public JobKey Key => request.Key;

    public WorkerDirectory Directory { get; } = new(request.Directory);

    public IReadOnlyList<Allocation> Allocations { get; set; } = [];

    /// <summary>Slurm's id; null until it has accepted it.</summary>
    public long? JobId { get; set; }

    public bool IsOver => Allocations.All(allocation => allocation.IsOver);

    /// <summary>What lies in its directory.</summary>
    public required JobFiles Files { get; init; }

    /// <summary>True where an earlier flow process submitted it, or began to: it is searched for, never submitted.</summary>
    public bool IsFound { get; init; }

    /// <summary>True once it is on its way to Slurm.</summary>
    public bool IsBegun { get; set; }

    /// <summary>True once it is to be cancelled.</summary>
    public bool IsCancelling { get; set; }

    /// <summary>True once Slurm was asked to cancel it.</summary>
    public bool CancelAsked { get; set; }

    public DateTimeOffset AliveAt { get; set; }
}
