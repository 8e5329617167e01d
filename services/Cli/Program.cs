using System.CommandLine;
using System.Reflection;

var version = new Command("version", "Show the version of this program.");
version.SetAction(_ => Console.WriteLine(Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion));
return new RootCommand("Holoflow: the workflow system for observatories.") { version }.Parse(args).Invoke();
