using Holoflow.Sdk.Slurm.Allocations;
using Holoflow.Sdk.Slurm.Planning;
using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Submission;

namespace Holoflow.Sdk.Slurm;

/// <summary>What is requested, given out and given back.</summary>
sealed partial class ClusterBook
{
    const int MostDispatched = 4000;

    async Task TakeSubmissions()
    {
        foreach (var (job, outcome) in await _submissions.Take())
        {
            switch (outcome)
            {
                case SubmitOutcome.Accepted accepted:
                    Accept(job, accepted.JobId);
                    break;
                case SubmitOutcome.Refused refused:
                    Refuse(job, refused.Message);
                    break;
                case SubmitOutcome.Unknown unknown:
                    Report($"job {job.Key}: {unknown.Message}; it is searched for, and submitted again only if it is not there");
                    break;
            }
        }
    }

    void Accept(ClusterJob job, long id)
    {
        job.JobId = id;
        _log.Info(job.IsArray ? "job array {part} of {count} jobs is job {job}" : "allocation {part} is requested: {count} job, {job}", job.Part, job.Allocations.Count, id);
        foreach (var allocation in job.Allocations)
            _follower.Follow(new(job.Key, id, allocation.Index, job.Directory.Path));
    }

    void Refuse(ClusterJob job, string message)
    {
        if (!job.IsCancelling)
            _log.Error("job {key} was refused: {message}", job.Key, message);
        foreach (var allocation in job.Allocations)
            allocation.IsOver = true;
        var calls = job.IsArray
            ? job.Allocations.SelectMany(a => a.Slots).SelectMany(s => s.Given.Values).Select(a => a.Call).OfType<RemoteCall>().ToList()
            // Another allocation of the same shape may have been accepted before, e.g. up to a limit of the account.
            : _jobs.Keys.Any(other => other != job && !other.IsArray && !other.IsOver && other.Shape == job.Shape) ? [] : Pooled(job.Shape).ToList();
        foreach (var call in calls)
        {
            _waiting.Remove(call);
            if (_isEnding || call.IsCancelled)
                call.EndCancelled();
            else
                call.Fail(new AllocationFailedException("Refused", message, isOwnFault: true));
        }

        if (!job.IsArray)
            _submissions.NoteEnd(job.Shape, isHealthy: false, message, Now);
    }

    void PlanArrays()
    {
        foreach (var group in _waiting.Where(call => call.Task.Use.Kind == ClusterUseKind.Array).GroupBy(call => (call.Task.Task.Name, call.Shape, call.Task.Use)).ToList())
        {
            var calls = group.ToList();
            if (!ArrayBatching.IsDue(Now - calls.Min(call => call.WaitsSince), Now - calls.Max(call => call.WaitsSince)))
                continue;
            foreach (var array in ArrayBatching.Divide(calls.Count, group.Key.Use.Pack))
                RequestArray([.. array.Select(job => job.Select(i => calls[i]).ToList())], group.Key.Shape, group.Key.Use.Throttle);
        }
    }

    void RequestArray(IReadOnlyList<List<RemoteCall>> jobs, AllocationShape shape, int? throttle)
    {
        var job = NewJob("array", new JobFiles("", IsArray: true, shape, jobs.Count), throttle);
        foreach (var (calls, allocation) in jobs.Zip(job.Allocations))
        {
            foreach (var call in calls)
            {
                _waiting.Remove(call);
                Give(allocation.Slots[0], call);
            }

            // It ends when it has done these.
            Release(allocation);
        }
    }

    void PlanPools()
    {
        var shapes = _waiting.Where(call => call.Task.Use.Kind == ClusterUseKind.Pool).Select(call => call.Shape).Concat(_jobs.Keys.Where(job => !job.IsArray).Select(job => job.Shape)).Distinct().ToList();
        var own = AllocationShape.InPool(_profile, TaskResources.Default);
        if (_profile.MinimumAllocations > 0 && !shapes.Contains(own))
            shapes.Add(own);
        foreach (var shape in shapes)
        {
            var allocations = _jobs.Keys.Where(job => !job.IsArray && job.Shape == shape && !job.IsCancelling).Select(job => job.Allocations[0]).Where(a => !a.IsOver && !a.IsReleased && a.Slots.Any(s => !s.IsDead)).ToList();
            var waiting = Pooled(shape).ToList();
            if (_submissions.TroubleWith(shape) is { } trouble && waiting.Count > 0 && allocations.Count == 0)
            {
                foreach (var call in waiting)
                {
                    _waiting.Remove(call);
                    call.Fail(new AllocationFailedException("NoAllocation", trouble, isOwnFault: false));
                }

                continue;
            }

            var decision = PoolSizing.Decide(Picture(shape, allocations, waiting, isOwn: shape == own));
            foreach (var released in decision.Release)
                GiveBack(allocations[released]);
            // Until it is known how one ended that never worked, nobody knows whether another would.
            var isUnclear = _jobs.Keys.Any(job => !job.IsArray && job.Shape == shape && job.Allocations[0] is { IsOver: false, IsReleased: false, HasWorked: false } a && a.Slots.All(s => s.IsDead));
            for (var i = 0; i < decision.Request && !isUnclear && _submissions.MayRequest(shape, Now); i++)
                NewJob("pool", new JobFiles("", IsArray: false, shape, 1), throttle: null);
        }
    }

    PoolPicture Picture(AllocationShape shape, List<Allocation> allocations, List<RemoteCall> waiting, bool isOwn)
    {
        var others = _jobs.Keys.Count(job => !job.IsArray && job.Shape != shape && !job.IsOver);
        var known = waiting.Select(call => _durations.Mean(call.Task.Task.Name)).ToList();
        return new(
            isOwn ? _profile.MinimumAllocations : 0, Math.Max(1, _profile.MaximumAllocations - others), shape.Slots, TimeSpan.FromSeconds(_profile.IdleTimeoutSeconds),
            [.. allocations.Select((a, i) => new PoolMember(i, a.Runs, a.Busy, a.Remaining(Now), a.Busy > 0 ? TimeSpan.Zero : Now - a.IdleSince))],
            waiting.Count, waiting.Select(NeedOf).DefaultIfEmpty().Max(), known.All(mean => mean is not null) ? known.Sum() : null);
    }

    void GiveBack(Allocation allocation)
    {
        Release(allocation);
        allocation.Job.IsCancelling |= !allocation.Runs;
    }

    void Assign()
    {
        var slots = _jobs.Keys.Where(job => !job.IsArray && !job.IsCancelling).Select(job => job.Allocations[0]).Where(a => a is { Runs: true, IsOver: false, IsReleased: false } && !_failedNodes.Contains(a.Node))
            .SelectMany(a => a.Slots).Where(slot => slot is { IsReady: true, IsDead: false }).ToList();
        foreach (var shape in slots.Select(slot => slot.Allocation.Job.Shape).Distinct().ToList())
        {
            var calls = Pooled(shape).ToList();
            if (calls.Count == 0)
                continue;
            var open = slots.Select((slot, i) => (Slot: slot, Index: i)).Where(s => s.Slot.Allocation.Job.Shape == shape)
                .Select(s => new OpenSlot(s.Index, s.Slot.Allocation.Remaining(Now), s.Slot.Allocation.StartedAt is { } began && Now - began < TimeSpan.FromMinutes(1), s.Slot.Given.Count)).ToList();
            var chosen = Dispatch.Choose([.. calls.Take(MostDispatched).Select((call, i) => new WaitingTask(i, NeedOf(call), Dispatch.Depth(_durations.Mean(call.Task.Task.Name))))], open);
            foreach (var (task, slot) in chosen)
                Give(slots[slot], calls[task]);
            if (chosen.Count > 0)
            {
                var given = chosen.Select(c => calls[c.Task]).ToHashSet();
                _waiting.RemoveAll(given.Contains);
            }
        }
    }

    IEnumerable<RemoteCall> Pooled(AllocationShape shape) => _waiting.Where(call => call.Task.Use.Kind == ClusterUseKind.Pool && call.Shape == shape);

    TimeSpan NeedOf(RemoteCall call) => Dispatch.Need(call.Task.Resources.Walltime, _durations.Longest(call.Task.Task.Name));

    void Give(Slot slot, RemoteCall call)
    {
        var number = ++_numbers;
        var task = call.Task;
        var isLarge = task.Inputs.Length > WorkLine.LargestInputs;
        if (isLarge)
        {
            Directory.CreateDirectory(slot.Allocation.Job.Directory.Path);
            WorkerDirectory.WriteWhole(slot.Allocation.Job.Directory.Inputs(number), task.Inputs.Span);
        }

        slot.Given[number] = new Assignment(number, task.Task.Id, task.Task.Name, task.Identity) { Call = call };
        slot.Outbox.Add(new WorkLine.Execute(number, task.Task, task.Identity, task.Execution, task.Timeout, isLarge ? null : System.Text.Json.JsonElement.Parse(task.Inputs.Span)).ToJson());
    }

    ClusterJob NewJob(string kind, JobFiles files, int? throttle)
    {
        var count = 1;
        while (Directory.Exists(Path.Combine(_root, $"{kind}-{count}")))
            count++;
        var directory = Path.Combine(_root, $"{kind}-{count}");
        var whole = files with { Part = $"{kind}-{count}" };
        Directory.CreateDirectory(directory);
        return Open(whole, RequestFor(whole, directory, throttle), isFound: false);
    }

    SubmitRequest RequestFor(JobFiles files, string directory, int? throttle)
    {
        var request = _profile.Request(JobKey.Of(_session.Description.RunId, files.Part), directory, files.Command(directory, WorkerProgram.Command)) with
        {
            Label = SubmitRequest.LabelOf(_session.Description.RunName), Cores = files.Shape.Cores, MemoryMiB = files.Shape.MemoryMiB, Walltime = files.Shape.Walltime, Array = files.IsArray ? [.. Enumerable.Range(0, files.Count)] : null,
            Throttle = throttle, Environment = WorkerProgram.EnvironmentChanges(Environment.GetEnvironmentVariables().Keys.Cast<string>()),
        };
        return request with { Directives = [.. WithoutFailedNodes(request.Directives), .. files.Shape.Gpus > 0 && Directive.TryParse($"--gres=gpu:{files.Shape.Gpus}", out var gpus, out _) ? (Directive[])[gpus] : []] };
    }

    IEnumerable<Directive> WithoutFailedNodes(IReadOnlyList<Directive> directives)
    {
        if (_failedNodes.Count == 0)
            return directives;
        var excluded = directives.Where(d => d.Name == "exclude").Select(d => d.Value!).Concat(_failedNodes);
        return Directive.TryParse($"--exclude={string.Join(',', excluded)}", out var exclude, out _) ? [.. directives.Where(d => d.Name != "exclude"), exclude] : directives;
    }

    ClusterJob Open(JobFiles files, SubmitRequest request, bool isFound)
    {
        var job = new ClusterJob(files.Part, files.IsArray, files.Shape, request) { Files = files, AliveAt = isFound ? default : Now, IsFound = isFound };
        job.Allocations = files.IsArray ? [.. Enumerable.Range(0, files.Count).Select(i => new Allocation(job, i, 1, Now))] : [new Allocation(job, null, files.Shape.Slots, Now)];
        _jobs[job] = new EventReader(job.Directory);
        return job;
    }

    void HeedCancellations()
    {
        foreach (var call in _waiting.Where(call => call.IsCancelled).ToList())
        {
            _waiting.Remove(call);
            call.EndCancelled();
        }

        foreach (var slot in _jobs.Keys.SelectMany(job => job.Allocations).Where(a => !a.IsOver).SelectMany(a => a.Slots))
        {
            foreach (var assignment in slot.Given.Values.Where(a => a is { CancelSent: false, Call.IsCancelled: true }))
            {
                assignment.CancelSent = true;
                slot.Outbox.Add(new WorkLine.Cancel(assignment.Number).ToJson());
                if (assignment.StartedAt is not null)
                    continue;
                assignment.Call!.EndCancelled();
                assignment.Call = null;
            }
        }
    }

    async Task CancelJobs()
    {
        if (_cancelling is { IsCompleted: true } done)
        {
            _cancelling = null;
            if (await done is { } words)
                Report($"Slurm does not cancel as asked: {words}");
        }

        var jobs = _jobs.Keys.Where(job => job is { IsCancelling: true, CancelAsked: false, JobId: not null }).ToList();
        if (jobs.Count == 0 || _cancelling is not null)
            return;
        foreach (var job in jobs)
        {
            job.CancelAsked = true;
            _follower.NoteCancel(job.Key, null);
        }

        _cancelling = Task.Run(() => _site.Cancel(jobs.Select(job => (job.JobId!.Value, (int?)null)), CancellationToken.None));
    }

    void Post()
    {
        foreach (var job in _jobs.Keys)
        {
            foreach (var slot in job.Allocations.SelectMany(a => a.Slots))
                slot.Post();
            if (job.IsBegun)
                continue;
            // The work of an array lies there before the first of its jobs can look.
            job.IsBegun = true;
            _submissions.Begin(job, () => job.Files.Prepare(job.Directory.Path, _session.Directory, CancellationToken.None));
        }
    }
}
