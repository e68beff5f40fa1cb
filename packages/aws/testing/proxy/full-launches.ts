import { formOf, type Handle, withForm } from "./exchange.ts";

/** Lets RunInstances launch as many as it may: moto launches the least. */
export function withFullLaunches(next: Handle): Handle {
  return (request) => {
    if (request.service !== "ec2" || request.action !== "RunInstances") return next(request);
    const form = formOf(request);
    const most = form.get("MaxCount");
    const least = form.get("MinCount");
    if (most === null || least === null || Number(most) < Number(least)) return next(request);
    form.set("MinCount", most);
    return next(withForm(request, form));
  };
}
