using Holoflow.Agent.Follow;
using Holoflow.Agent.Jobs;
using Holoflow.Agent.Launch;
using Holoflow.Agent.Requests;
using Holoflow.Agent.State;
using Microsoft.Extensions.Logging;

namespace Holoflow.Agent.Runs;

/// <summary>What the runs of one agent share.</summary>
sealed record AgentContext(AgentOptions Options, AgentDirectory Directory, DirectoryWatches Watches, OutputKeeper Output, PatientRequests Requests, ClusterLinks Clusters, TimeProvider Time, ILogger Log);
